package sparrow.gpu.device;

/** A function that runs on a device, once for each item of a {@link Grid}. */
public interface Kernel extends AutoCloseable {
    /** Its name in the text. */
    String name();

    @Override
    void close();
}
