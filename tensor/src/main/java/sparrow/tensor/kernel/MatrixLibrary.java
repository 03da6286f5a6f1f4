package sparrow.tensor.kernel;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Finds a native library that multiplies matrices. Implementations live in modules of their own, which may be absent;
 * {@link ServiceLoader} finds them.
 */
public interface MatrixLibrary {
    /** The name on the command line, such as {@code onednn}. */
    String name();

    /**
     * Loads the library.
     *
     * @throws IllegalStateException in one line if it is not there or does not serve: where it was looked for, and how to
     *     get it
     */
    MatrixProvider open();

    /** The library of a name; empty if its module is not there. */
    static Optional<MatrixLibrary> find(String name) {
        return ServiceLoader.load(MatrixLibrary.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(library -> library.name().equals(name))
                .findFirst();
    }
}
