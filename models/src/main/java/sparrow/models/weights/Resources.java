package sparrow.models.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import sparrow.formats.weights.Checkpoint;

/** An open model's memory and files, which are closed together in reverse order. */
public final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ConcurrentLinkedDeque<>();
    private final Arena arena = Arena.ofShared();
    private boolean closed;

    /**
     * Opens an object with new resources, which the object must close. If opening fails, this method closes them.
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
     * Opens an object.
     *
     * @param <T> the type of the object
     */
    public interface Opening<T> {
        /** Opens the object, and adds all resources that must be closed to {@code resources}. */
        T open(Resources resources) throws IOException;
    }

    /**
     * Adds a resource to be closed.
     *
     * @throws IllegalStateException if the resources are already closed; the given resource is then closed as well
     */
    public synchronized <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        if (closed) {
            closeOwned();
            throw new IllegalStateException("the model is closed");
        }
        return resource;
    }

    /** Returns the arena whose memory is freed when the resources are closed. */
    Arena memory() {
        return arena;
    }

    /**
     * Checks that the open files are unchanged.
     *
     * @throws sparrow.formats.BadFileException if a file was truncated or modified since it was opened
     */
    public void requireUnchanged() {
        for (AutoCloseable resource : owned) {
            if (resource instanceof Checkpoint checkpoint) checkpoint.requireUnchanged();
        }
    }

    /** Closes all resources. Has no effect if they are already closed. */
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

    /** Closes all resources even if closing one of them fails. */
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
