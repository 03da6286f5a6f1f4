package sparrow.gpu.device;

/** A function that runs on a device, once for each item of a {@link Grid}. */
public interface Kernel extends AutoCloseable {
    /** Returns the kernel's name in the program source. */
    String name();

    @Override
    void close();
}
