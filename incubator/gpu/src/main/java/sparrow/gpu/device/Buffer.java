package sparrow.gpu.device;

/** Memory of a device. */
public interface Buffer extends AutoCloseable {
    /** Its size. */
    long bytes();

    /** Gives the memory back once the work that was enqueued before is done. */
    @Override
    void close();
}
