/** Questions of data sets without recordings, spoken by a program of the machine. */
package sparrow.study.speak;
