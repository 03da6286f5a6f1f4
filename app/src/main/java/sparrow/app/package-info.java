/**
 * The command line {@code sparrow}. {@link Main} creates the command tree; {@link CommandProvider}s, which are
 * services, add the commands of other modules. A command reads its options, calls the library and prints the result.
 * {@code Failures} converts an exception to one line and an exit code. {@code answer.AskCommand} shows the steps from a
 * WAV file to an answer.
 */
package sparrow.app;
