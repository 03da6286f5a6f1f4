package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Brings weights into the cache before they are computed with. A core keeps as many cache lines under way as fit its
 * window of some hundred instructions: of a loop of loads that is more than memory needs, of a kernel that multiplies
 * several rows with each line only a few. Java has no prefetch instruction, so the lines are read.
 */
final class CacheLines {
    private static final int LINE = 64;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** Never the sum that anything reads; it keeps the loads from being optimised away. */
    private static final ThreadLocal<long[]> UNUSED = ThreadLocal.withInitial(() -> new long[1]);

    private CacheLines() {}

    /** Reads one word of each line of a piece of memory. */
    static void read(MemorySegment memory, long at, long bytes) {
        long even = 0;
        long odd = 0;
        int last = (int) Math.min(bytes, memory.byteSize() - at) - LINE - Long.BYTES;
        for (int i = 0; i <= last; i += 2 * LINE) {
            even += memory.get(LONG, at + i);
            odd += memory.get(LONG, at + i + LINE);
        }
        UNUSED.get()[0] += even + odd;
    }
}
