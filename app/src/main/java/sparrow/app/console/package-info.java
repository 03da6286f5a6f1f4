/**
 * Terminal output: colours and a progress bar for long work. {@link sparrow.app.console.Interruption} handles Ctrl-C.
 */
package sparrow.app.console;
