/** Programs of the machine that do one thing for the study: speak a text, score a recording. */
package sparrow.study.command;
