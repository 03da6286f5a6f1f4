package sparrow.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Scratch memory for products of all shapes, with one segment per multiplying thread that is large enough for the
 * largest product.
 */
final class Scratchpads {
    private static final long MIN_BYTES = 1 << 16;

    private final ConcurrentLinkedDeque<MemorySegment> idle = new ConcurrentLinkedDeque<>();

    /** Returns memory of at least the given size. The caller must {@link #release} it. */
    MemorySegment acquire(long bytes) {
        MemorySegment free = idle.poll();
        // The garbage collector frees segments that are too small.
        if (free != null && free.byteSize() >= bytes) return free;
        return Arena.ofAuto().allocate(Math.max(MIN_BYTES, bytes), 4096);
    }

    void release(MemorySegment scratch) {
        idle.push(scratch);
    }
}
