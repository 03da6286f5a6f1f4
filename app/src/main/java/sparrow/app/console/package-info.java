/** Colours and progress bars on a terminal, and handling of Ctrl-C. */
package sparrow.app.console;
