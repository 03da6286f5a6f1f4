package sparrow.app;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * Adds commands to {@code sparrow}. Implementations are found as services ({@link ServiceLoader}), so that the command
 * line has what is on the class path and knows nobody by name.
 */
public interface CommandProvider {
    /**
     * New commands, in the order in which the help lists them: objects with picocli's annotation {@code Command}, which
     * names them.
     */
    List<Object> commands();

    /** The commands of all providers that are there. */
    static Stream<Object> found() {
        return ServiceLoader.load(CommandProvider.class).stream()
                .flatMap(provider -> provider.get().commands().stream());
    }
}
