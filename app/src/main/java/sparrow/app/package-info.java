/**
 * The command line {@code sparrow}. {@link Main} builds the tree of commands, and {@link CommandProvider} adds the commands of
 * other modules, which are found as services. A command reads its options, calls the library and prints; nothing is computed
 * here. {@code Failures} turns an exception into one line and an exit code. {@code answer.AskCommand} is the shortest way from
 * a WAV file to an answer.
 */
package sparrow.app;
