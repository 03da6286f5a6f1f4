package sparrow.gpu.driver;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Copies between arrays and off-heap memory, element by element. Bulk copies between segments are not used for int and
 * float arrays: the JDK copies fewer than 64 bytes as longs, and the code that JDK 25 compiles for such a copy may miss
 * some of the bytes (JDK-8331133).
 */
final class Copies {
    private Copies() {}

    /** Copies an entire segment to off-heap memory. */
    static void out(MemorySegment from, MemorySegment to) {
        switch (from.heapBase().orElse(null)) {
            case float[] array
            when whole(from) -> MemorySegment.copy(array, index(from), to, JAVA_FLOAT, 0, count(from));
            case int[] array when whole(from) -> MemorySegment.copy(array, index(from), to, JAVA_INT, 0, count(from));
            case null, default -> to.copyFrom(from);
        }
    }

    /** Copies an entire off-heap segment to another segment. */
    static void in(MemorySegment from, MemorySegment to) {
        switch (to.heapBase().orElse(null)) {
            case float[] array when whole(to) -> MemorySegment.copy(from, JAVA_FLOAT, 0, array, index(to), count(to));
            case int[] array when whole(to) -> MemorySegment.copy(from, JAVA_INT, 0, array, index(to), count(to));
            case null, default -> to.copyFrom(from);
        }
    }

    /** Returns whether a segment consists of complete elements of four bytes. */
    private static boolean whole(MemorySegment heap) {
        return heap.address() % Integer.BYTES == 0 && heap.byteSize() % Integer.BYTES == 0;
    }

    /** Returns the array index of a segment's first element. A heap segment's address is its offset in the array. */
    private static int index(MemorySegment heap) {
        return Math.toIntExact(heap.address() / Integer.BYTES);
    }

    private static int count(MemorySegment heap) {
        return Math.toIntExact(heap.byteSize() / Integer.BYTES);
    }
}
