package sparrow.tensor.kernel;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A native library that multiplies matrices. Implementations are in separate, optional modules, which {@link
 * ServiceLoader} finds.
 */
public interface MatrixLibrary {
    /** Returns the name on the command line, such as {@code onednn}. */
    String name();

    /**
     * Loads the library.
     *
     * @throws IllegalStateException if the library is missing or unsuitable; the one-line message names the places
     *     searched and how to install it
     */
    MatrixProvider open();

    /** Returns the library with a name; empty if its module is absent. */
    static Optional<MatrixLibrary> find(String name) {
        return ServiceLoader.load(MatrixLibrary.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(library -> library.name().equals(name))
                .findFirst();
    }
}
