package sparrow.tensor.kernel;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A native library that multiplies matrices. Implementations are in separate, optional modules and are loaded by
 * {@link ServiceLoader}.
 */
public interface MatrixLibrary {
    /** Returns the command-line name, such as {@code onednn}. */
    String name();

    /**
     * Loads the library.
     *
     * @throws IllegalStateException if the library is missing or unsuitable; the one-line message contains the searched
     *     locations and installation instructions
     */
    MatrixProvider open();

    /** Returns the library with the given name, or empty if its module is not installed. */
    static Optional<MatrixLibrary> find(String name) {
        return ServiceLoader.load(MatrixLibrary.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(library -> library.name().equals(name))
                .findFirst();
    }
}
