/**
 * The terminal and the process: colours, progress, and Ctrl-C.
 */
package sparrow.app.console;
