package sparrow.gpu.device;

/** Launches that are kept, to be enqueued again and again. */
public interface Recording extends AutoCloseable {
    /**
     * Enqueues all of them, in their order, with the arguments that they were recorded with; as if each were enqueued anew.
     *
     * @throws IllegalStateException if it is closed, or is stale
     */
    void run();

    /** True if something that it uses is closed by now. */
    boolean stale();

    @Override
    void close();
}
