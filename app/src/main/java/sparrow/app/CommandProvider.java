package sparrow.app;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import picocli.CommandLine;
import sparrow.app.options.Notations;

/**
 * Adds commands to {@code sparrow}. Implementations are services ({@link ServiceLoader}), so that the command line
 * offers every command on the class path without referring to its class.
 */
public interface CommandProvider {
    /**
     * Returns new commands in the order in which the help lists them. Each command registers converters for types that
     * only its own options use ({@link Notations#of}).
     */
    List<CommandLine> commands();

    /** Returns the commands of all providers on the class path. */
    static Stream<CommandLine> found() {
        return ServiceLoader.load(CommandProvider.class).stream()
                .flatMap(provider -> provider.get().commands().stream());
    }
}
