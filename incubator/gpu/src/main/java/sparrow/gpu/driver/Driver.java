package sparrow.gpu.driver;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Grid;

/**
 * The calls that a host makes for an open device with one in-order queue. Objects of the driver are addresses. An
 * implementation checks only the driver's result codes; {@link DriverDevice} checks arguments and serialises calls.
 * Every method throws {@link DeviceException} with a one-line message if the driver fails.
 */
public interface Driver {
    /**
     * Size of {@link #staging}, in bytes, sufficient for the states and tables of a pass with 256 positions of width
     * 4096.
     */
    int STAGING = 8 << 20;

    /**
     * A function of a compiled program.
     *
     * @param address address of the driver's object
     * @param sizes argument sizes in bytes; 0 if the driver itself rejects arguments of another size
     */
    record Function(MemorySegment address, List<Integer> sizes) {}

    /** Prepares the calling thread for other calls. */
    void enter();

    /** Allocates device memory of the given size. */
    MemorySegment allocate(long bytes);

    /** Releases memory after the work that is already enqueued. */
    void free(MemorySegment buffer);

    /**
     * Compiles a program. If the program does not compile, the exception's message contains the first lines of the
     * compiler's log.
     *
     * @param name name of the program in messages
     */
    MemorySegment compile(String name, String text);

    void unload(MemorySegment program);

    /** Returns a function. Its address is valid until the function or its program is released. */
    Function function(MemorySegment program, String name);

    void release(MemorySegment function);

    /** Returns memory of this machine that the driver copies efficiently. The memory is valid until {@link #close}. */
    MemorySegment staging();

    /**
     * Writes to a buffer.
     *
     * @param from off-heap memory; unless {@code wait} is true, it must not change until the queue has copied it
     * @param wait whether to wait for all enqueued work, including this write
     */
    void write(MemorySegment buffer, long at, MemorySegment from, boolean wait);

    /**
     * Reads from a buffer, and waits for all enqueued work, including this read.
     *
     * @param to off-heap memory
     */
    void read(MemorySegment buffer, long at, MemorySegment to);

    void copy(MemorySegment from, long fromByte, MemorySegment to, long toByte, long bytes);

    /** Fills part of a buffer with zeros. */
    void clear(MemorySegment buffer, long at, long bytes);

    /**
     * Enqueues a launch of a function.
     *
     * @param values argument values of 4 or 8 bytes each, which may change after this method returns
     */
    void launch(MemorySegment function, Grid grid, List<MemorySegment> values);

    /** A sequence of launches that a driver repeats as a unit. */
    interface Graph {
        /** Enqueues the launches. */
        void launch();

        void release();
    }

    /**
     * Prepares launches for repetition.
     *
     * @param launches function that calls only {@link #launch}
     * @return the graph, or empty if the driver does not support graphs
     */
    default Optional<Graph> graph(Runnable launches) {
        return Optional.empty();
    }

    /** Waits for all enqueued work. */
    void finish();

    /**
     * Releases the queue, the context and the staging memory. The queue must be idle, and all other objects must have
     * been released.
     */
    void close();
}
