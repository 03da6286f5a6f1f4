/**
 * The command line {@code sparrow}, one file per command. Start with {@link Main}; {@code AskCommand} is the shortest
 * way from a WAV file to an answer. {@link CommandProvider} adds commands of other artifacts, found as a service: the
 * laboratory does. {@link ModelOptions} and {@link TokenOptions} are options that several commands share. A command
 * reads its options, calls the library and prints; nothing is computed here. Failures become one line and an exit code
 * ({@code Failures}).
 */
package sparrow.app;
