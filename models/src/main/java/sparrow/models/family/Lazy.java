package sparrow.models.family;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A part that is loaded when it is first used. Thread-safe.
 *
 * @param <T> the type of the part
 */
public final class Lazy<T> {
    private final Loading<T> loading;
    private T part;

    /** Creates a part that has not been loaded yet. */
    public Lazy(Loading<T> loading) {
        this.loading = loading;
    }

    /** Returns the part. If loading fails, the next call tries again. */
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
     * Loads a part.
     *
     * @param <T> the type of the part
     */
    public interface Loading<T> {
        /** Loads the part. */
        T load() throws IOException;
    }
}
