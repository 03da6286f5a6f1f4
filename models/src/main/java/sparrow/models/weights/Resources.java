package sparrow.models.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import sparrow.formats.weights.Checkpoint;

/** The memory and files of an open model: closed together, the last opened first. */
public final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ConcurrentLinkedDeque<>();
    private final Arena arena = Arena.ofShared();
    private boolean closed;

    /**
     * Opens something that owns resources from then on; if it cannot be opened, they are closed.
     *
     * @throws IOException if a file cannot be read
     */
    public static <T> T opening(Opening<T> opening) throws IOException {
        Resources resources = new Resources();
        try {
            return opening.open(resources);
        } catch (IOException | RuntimeException | Error e) {
            resources.close();
            throw e;
        }
    }

    /**
     * Opens something.
     *
     * @param <T> type of the opened object
     */
    public interface Opening<T> {
        /** Opens it; {@code resources} own all that has to be closed after it. */
        T open(Resources resources) throws IOException;
    }

    /**
     * Takes over something to close.
     *
     * @throws IllegalStateException if all is closed by now; then this is, too
     */
    public synchronized <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        if (closed) {
            closeOwned();
            throw new IllegalStateException("the model is closed");
        }
        return resource;
    }

    /** Memory that is given back with everything else. */
    Arena memory() {
        return arena;
    }

    /**
     * Refuses to go on with files that are not what they were.
     *
     * @throws sparrow.formats.weights.BadFileException if one was cut or written to since it was opened
     */
    public void requireUnchanged() {
        for (AutoCloseable resource : owned) {
            if (resource instanceof Checkpoint checkpoint) checkpoint.requireUnchanged();
        }
    }

    /** Closes everything; does nothing from the second time on. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        try {
            closeOwned();
        } finally {
            arena.close();
        }
    }

    /** Closes them all, also if one of them cannot be closed. */
    private void closeOwned() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                closeOwned();
                throw new IllegalStateException(e);
            }
        }
    }
}
