package sparrow.gpu.device;

/** Kernels that were compiled together. */
public interface Program extends AutoCloseable {
    /**
     * One of its kernels.
     *
     * @throws DeviceException if the program has none of this name
     */
    Kernel kernel(String name);

    @Override
    void close();
}
