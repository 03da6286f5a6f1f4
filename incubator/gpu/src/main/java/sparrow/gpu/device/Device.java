package sparrow.gpu.device;

import sparrow.engine.device.DeviceInfo;

/**
 * A device that is open. An object that it makes belongs to it and is closed with it at the latest; closed objects refuse every
 * use. Safe for several threads, of which one is served at a time.
 */
public interface Device extends AutoCloseable {
    /** The description of the device. */
    DeviceInfo info();

    /** The language of its kernels. */
    Language language();

    /** True if kernels can ask for subgroups of so many items, whose sums need no local memory. */
    boolean subgroupsOf(int items);

    /** True if 32 neighbouring items have NVIDIA's instruction for products of bf16 matrices, {@code mma.m16n8k16}. */
    boolean multipliesBf16();

    /** The most items of a work-group. */
    int largestGroup();

    /**
     * Memory of the device, with undefined content.
     *
     * @param bytes 1 or more
     * @throws IllegalArgumentException if the device allocates no piece of this size
     * @throws NoMemoryException if there is not as much left
     */
    Buffer allocate(long bytes);

    /**
     * Compiles a program.
     *
     * @param name for messages
     * @param text in the device's language
     * @throws DeviceException if it does not compile: with the first lines of the compiler's log
     */
    Program build(String name, String text);

    /** The device's queue. */
    Queue queue();

    /** Buffers, programs and kernels that are not closed yet. */
    int openObjects();

    /** Waits for the enqueued work and gives all objects back; a second call does nothing. */
    @Override
    void close();
}
