package sparrow.gpu.device;

/** Kernels that were compiled together. */
public interface Program extends AutoCloseable {
    /**
     * Returns the kernel with the given name.
     *
     * @throws DeviceException if the program has no such kernel
     */
    Kernel kernel(String name);

    @Override
    void close();
}
