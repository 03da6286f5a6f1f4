package sparrow.models.family;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A part that is loaded when it is first used. Safe for use by several threads.
 *
 * @param <T> the part
 */
public final class Lazy<T> {
    private final Loading<T> loading;
    private T part;

    /** A part that is not loaded yet. */
    public Lazy(Loading<T> loading) {
        this.loading = loading;
    }

    /** The part; loaded again by the next call if it could not be loaded. */
    public synchronized T get() {
        if (part == null) {
            try {
                part = loading.load();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return part;
    }

    /**
     * The loading of a part.
     *
     * @param <T> the part
     */
    public interface Loading<T> {
        /** Loads the part. */
        T load() throws IOException;
    }
}
