package sparrow.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Scratch memory for products of all shapes: one piece for each multiplying thread, large enough for the largest. */
final class Scratchpads {
    private static final long LEAST_BYTES = 1 << 16;

    private final ConcurrentLinkedDeque<MemorySegment> idle = new ConcurrentLinkedDeque<>();

    /** Memory of so many bytes at least; give it back with {@link #release}. */
    MemorySegment take(long bytes) {
        MemorySegment free = idle.poll();
        // The garbage collector takes a piece that is too small.
        if (free != null && free.byteSize() >= bytes) return free;
        return Arena.ofAuto().allocate(Math.max(LEAST_BYTES, bytes), 4096);
    }

    void release(MemorySegment scratch) {
        idle.push(scratch);
    }
}
