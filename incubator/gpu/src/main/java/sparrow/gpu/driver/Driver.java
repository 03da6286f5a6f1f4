package sparrow.gpu.driver;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Grid;

/**
 * The calls that a host makes for one open device with one queue that keeps its order. Objects of the driver are addresses.
 * Only the driver's answers are checked here; {@link DriverDevice} checks the arguments, and lets in one thread at a time.
 * Every method throws {@link DeviceException} in one line if the driver fails.
 */
public interface Driver {
    /** Bytes of {@link #staging}: the states of a pass of 256 positions of width 4096, and what belongs to them. */
    int STAGING = 8 << 20;

    /**
     * A function of a program.
     *
     * @param address of the driver's object
     * @param sizes of its arguments, in bytes; 0 if the driver itself refuses another one
     */
    record Function(MemorySegment address, List<Integer> sizes) {}

    /** Prepares the calling thread for the calls that follow. */
    void enter();

    /** Memory of the device. */
    MemorySegment allocate(long bytes);

    /** Gives memory back once the queue has done the work that was enqueued before. */
    void free(MemorySegment buffer);

    /**
     * Compiles a program. If the text does not compile, the message has the first lines of the compiler's log.
     *
     * @param name for messages
     */
    MemorySegment compile(String name, String text);

    /** Gives a program back. */
    void unload(MemorySegment program);

    /** A function; its address is good until it is given back, or its program is. */
    Function function(MemorySegment program, String name);

    /** Gives a function back. */
    void release(MemorySegment function);

    /** Memory of this machine from which and to which the driver copies well; until {@link #close}. */
    MemorySegment staging();

    /**
     * Writes to a buffer.
     *
     * @param from off the heap; unless {@code wait}, it must stay as it is until the queue has come to it
     * @param wait for this and all that was enqueued before
     */
    void write(MemorySegment buffer, long at, MemorySegment from, boolean wait);

    /**
     * Reads from a buffer, and waits for this and all that was enqueued before.
     *
     * @param to off the heap
     */
    void read(MemorySegment buffer, long at, MemorySegment to);

    /** Copies within the device. */
    void copy(MemorySegment from, long fromByte, MemorySegment to, long toByte, long bytes);

    /** Writes zeros. */
    void clear(MemorySegment buffer, long at, long bytes);

    /**
     * Runs a function.
     *
     * @param values of its arguments, of 4 or 8 bytes each; they may change when this returns
     */
    void launch(MemorySegment function, Grid grid, List<MemorySegment> values);

    /** Launches that a driver repeats as one. */
    interface Graph {
        /** Enqueues them. */
        void launch();

        /** Gives the graph back. */
        void release();
    }

    /**
     * Prepares launches for being repeated.
     *
     * @param launches calls {@link #launch} alone
     * @return empty if the driver has no graphs
     */
    default Optional<Graph> graph(Runnable launches) {
        return Optional.empty();
    }

    /** Waits for all that was enqueued. */
    void finish();

    /** Frees the queue, the context and the staging memory. No work may be queued, and nothing else may be open. */
    void close();
}
