/**
 * The command line {@code sparrow}. {@link Main} creates the tree of commands; {@link CommandProvider}s, which are
 * services, add the commands of other modules. A command reads its options, calls the library and prints the result.
 * {@code Failures} turns an exception into one line and an exit code. {@code answer.AskCommand} shows how to get from a
 * WAV file to an answer.
 */
package sparrow.app;
