/**
 * Programs of the machine that do one thing for the study: speak a text, score a recording. {@link CommandTemplate} is
 * a command line with places for values. No shell is involved, so nothing in a value can become a command.
 */
package sparrow.study.command;
