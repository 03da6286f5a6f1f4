package sparrow.gpu.device;

import java.lang.foreign.MemorySegment;

/**
 * The work of a device, done in the order in which it was enqueued. Methods may return before their work is done.
 * {@link #read} and {@link #finish} wait for all enqueued work. A {@link #write} waits if it would exceed 8 MiB of
 * writes since the last wait.
 */
public interface Queue {
    /**
     * Writes to a buffer. Later changes of {@code from} have no effect.
     *
     * @param at byte offset in the buffer
     * @param from on-heap or off-heap memory
     * @throws IndexOutOfBoundsException if the buffer is too small
     */
    void write(Buffer to, long at, MemorySegment from);

    /**
     * Reads from a buffer, and waits for the result.
     *
     * @param at byte offset in the buffer
     * @param to on-heap or off-heap memory
     * @throws IndexOutOfBoundsException if the buffer is too small
     * @throws DeviceException if previously enqueued work failed
     */
    void read(Buffer from, long at, MemorySegment to);

    /**
     * Copies bytes from one buffer to another, or within a buffer.
     *
     * @throws IndexOutOfBoundsException if a buffer is too small
     * @throws IllegalArgumentException if the ranges overlap
     */
    void copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes);

    /**
     * Fills part of a buffer with zeros.
     *
     * @throws IndexOutOfBoundsException if the buffer is too small
     */
    void clear(Buffer buffer, long at, long bytes);

    /**
     * Runs a kernel.
     *
     * @param arguments one value per kernel argument, of the argument's type
     * @throws IllegalArgumentException if the number of arguments is wrong
     * @throws DeviceException if the driver rejects an argument or the grid
     */
    void run(Kernel kernel, Grid grid, Argument... arguments);

    /**
     * Records launches instead of enqueueing them. Some drivers repeat a recording in less time than single launches.
     *
     * @param launches function that calls {@link #run} of this queue, and no other method
     * @throws IllegalStateException if another method of the queue is called during recording
     */
    Recording record(Runnable launches);

    /**
     * Waits until all work is done.
     *
     * @throws DeviceException if any work failed
     */
    void finish();

    /** Returns the number of kernel launches and waits since the device was opened. */
    DeviceUse use();
}
