package sparrow.gpu.device;

/** A sequence of recorded launches that can be enqueued repeatedly. */
public interface Recording extends AutoCloseable {
    /**
     * Enqueues the launches in their order, with the recorded arguments.
     *
     * @throws IllegalStateException if the recording is closed or stale
     */
    void run();

    /** Returns whether an object that the recording uses has been closed. */
    boolean stale();

    @Override
    void close();
}
