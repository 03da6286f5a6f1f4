package sparrow.gpu.device;

import java.lang.foreign.MemorySegment;

/**
 * The work of a device, done in the order in which it was enqueued. Methods may return before it is done; {@link #read} and
 * {@link #finish} wait for all of it, and so does a {@link #write} of more than 8 MiB, or one while as much is enqueued.
 */
public interface Queue {
    /**
     * Writes to a buffer. The content that {@code from} has at the time of the call is written.
     *
     * @param at byte of the buffer
     * @param from on the heap or off it
     * @throws IndexOutOfBoundsException if the buffer is too small
     */
    void write(Buffer to, long at, MemorySegment from);

    /**
     * Reads from a buffer and waits for it.
     *
     * @param at byte of the buffer
     * @param to on the heap or off it
     * @throws IndexOutOfBoundsException if the buffer is too small
     * @throws DeviceException if work that was enqueued before failed
     */
    void read(Buffer from, long at, MemorySegment to);

    /**
     * Copies within the device.
     *
     * @throws IndexOutOfBoundsException if a buffer is too small
     * @throws IllegalArgumentException if both are the same memory
     */
    void copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes);

    /**
     * Writes zeros.
     *
     * @throws IndexOutOfBoundsException if the buffer is too small
     */
    void clear(Buffer buffer, long at, long bytes);

    /**
     * Runs a kernel.
     *
     * @param arguments as many as the kernel has, of its types
     * @throws IllegalArgumentException if there are more or fewer
     * @throws DeviceException if the driver refuses one of them, or the grid
     */
    void run(Kernel kernel, Grid grid, Argument... arguments);

    /**
     * Keeps launches instead of enqueueing them. A driver may repeat them at a smaller price than one by one.
     *
     * @param launches calls {@link #run} of this queue, and nothing else of it
     * @throws IllegalStateException if another method of the queue is called meanwhile
     */
    Recording record(Runnable launches);

    /**
     * Waits until all work is done.
     *
     * @throws DeviceException if some of it failed
     */
    void finish();

    /** Kernels that were run, and waits, since the device was opened. */
    DeviceUse use();
}
