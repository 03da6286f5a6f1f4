package sparrow.app;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import picocli.CommandLine;
import sparrow.app.options.Notations;

/**
 * Adds commands to {@code sparrow}. Implementations are found as services ({@link ServiceLoader}), so that the command line has
 * the commands of the class path and names none of their classes.
 */
public interface CommandProvider {
    /**
     * New commands, in the order in which the help lists them. Values that no other command takes are read by converters of
     * their own ({@link Notations#of}).
     */
    List<CommandLine> commands();

    /** The commands of all providers that are there. */
    static Stream<CommandLine> found() {
        return ServiceLoader.load(CommandProvider.class).stream()
                .flatMap(provider -> provider.get().commands().stream());
    }
}
