package sparrow.gpu.driver;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Copies between arrays and memory off the heap, by the elements of the array. The JDK copies less than 64 bytes between
 * segments as longs, and the code that JDK 25 compiles for longs in an array of another type may miss some of them:
 * JDK-8331133.
 */
final class Copies {
    private Copies() {}

    /** Copies all of a segment to one off the heap. */
    static void out(MemorySegment from, MemorySegment to) {
        switch (from.heapBase().orElse(null)) {
            case float[] array
            when whole(from) -> MemorySegment.copy(array, index(from), to, JAVA_FLOAT, 0, count(from));
            case int[] array when whole(from) -> MemorySegment.copy(array, index(from), to, JAVA_INT, 0, count(from));
            case null, default -> to.copyFrom(from);
        }
    }

    /** Copies all of a segment off the heap to another. */
    static void in(MemorySegment from, MemorySegment to) {
        switch (to.heapBase().orElse(null)) {
            case float[] array when whole(to) -> MemorySegment.copy(from, JAVA_FLOAT, 0, array, index(to), count(to));
            case int[] array when whole(to) -> MemorySegment.copy(from, JAVA_INT, 0, array, index(to), count(to));
            case null, default -> to.copyFrom(from);
        }
    }

    /** True if a segment begins and ends between elements of four bytes. */
    private static boolean whole(MemorySegment heap) {
        return heap.address() % Integer.BYTES == 0 && heap.byteSize() % Integer.BYTES == 0;
    }

    /** Element of its array that a segment begins with: its address counts from there. */
    private static int index(MemorySegment heap) {
        return Math.toIntExact(heap.address() / Integer.BYTES);
    }

    private static int count(MemorySegment heap) {
        return Math.toIntExact(heap.byteSize() / Integer.BYTES);
    }
}
