package sparrow.gpu.device;

import sparrow.engine.device.DeviceInfo;

/**
 * An open device. Closing the device closes all objects that it has created; closed objects reject every use. Methods
 * are thread-safe and run one at a time.
 */
public interface Device extends AutoCloseable {
    /** Returns the description of the device. */
    DeviceInfo info();

    /** Returns the language of the kernels. */
    Language language();

    /** Returns whether kernels can require subgroups of the given number of items, whose sums need no local memory. */
    boolean subgroupsOf(int items);

    /**
     * Returns whether 32 neighbouring items have NVIDIA's instruction for products of bf16 matrices,
     * {@code mma.m16n8k16}.
     */
    boolean multipliesBf16();

    /** Returns the maximum number of items in a work-group. */
    int largestGroup();

    /**
     * Allocates device memory with undefined content.
     *
     * @param bytes 1 or more
     * @throws IllegalArgumentException if the device does not support allocations of this size
     * @throws NoMemoryException if the device does not have enough free memory
     */
    Buffer allocate(long bytes);

    /**
     * Compiles a program.
     *
     * @param name name of the program in messages
     * @param text source in the device's language
     * @throws DeviceException if the program does not compile; the message includes the first lines of the compiler's
     *     log
     */
    Program build(String name, String text);

    /** Returns the device's queue. */
    Queue queue();

    /** Returns the number of buffers, programs and kernels that are still open. */
    int openObjects();

    /** Waits for the enqueued work and releases all objects. A second call does nothing. */
    @Override
    void close();
}
