/**
 * Runs of hours that can be stopped, killed and begun again: a folder with the settings of the run and one file an item,
 * each whole or not there at all.
 */
package sparrow.study.run;
