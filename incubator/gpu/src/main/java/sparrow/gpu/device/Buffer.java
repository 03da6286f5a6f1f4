package sparrow.gpu.device;

/** A block of device memory. */
public interface Buffer extends AutoCloseable {
    /** Returns the size of the buffer in bytes. */
    long bytes();

    /** Releases the memory after the work that is already enqueued. */
    @Override
    void close();
}
