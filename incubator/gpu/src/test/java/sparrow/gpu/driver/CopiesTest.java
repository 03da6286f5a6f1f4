package sparrow.gpu.driver;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Copies of arrays of every kind, from and to any byte, are those of the JDK. */
class CopiesTest {
    private static List<MemorySegment> arrays() {
        byte[] bytes = new byte[80];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (i + 1);
        MemorySegment all = MemorySegment.ofArray(bytes);
        List<MemorySegment> arrays = List.of(
                MemorySegment.ofArray(new float[20]),
                MemorySegment.ofArray(new int[20]),
                MemorySegment.ofArray(new byte[80]),
                MemorySegment.ofArray(new double[10]));
        arrays.forEach(array -> array.copyFrom(all));
        return arrays;
    }

    @Test
    void whatIsTakenOutIsThatPartOfTheArray() {
        try (Arena arena = Arena.ofConfined()) {
            for (MemorySegment array : arrays()) {
                for (long from : List.of(0L, 4L, 7L, 24L)) {
                    for (long bytes : List.of(4L, 5L, 16L, 48L)) {
                        MemorySegment to = arena.allocate(bytes, 64);

                        Copies.out(array.asSlice(from, bytes), to);

                        assertThat(to.mismatch(array.asSlice(from, bytes))).isEqualTo(-1);
                    }
                }
            }
        }
    }

    @Test
    void whatIsPutInChangesThatPartOfTheArrayAlone() {
        try (Arena arena = Arena.ofConfined()) {
            for (int kind = 0; kind < arrays().size(); kind++) {
                for (int from : List.of(0, 4, 7, 24)) {
                    for (int bytes : List.of(4, 5, 16, 48)) {
                        MemorySegment array = arrays().get(kind);
                        MemorySegment fresh = arena.allocate(bytes, 64).fill((byte) -1);

                        Copies.in(fresh, array.asSlice(from, bytes));

                        int[] changed = IntStream.range(0, 80)
                                .filter(i -> array.get(JAVA_BYTE, i) == -1)
                                .toArray();
                        assertThat(changed)
                                .containsExactly(
                                        IntStream.range(from, from + bytes).toArray());
                    }
                }
            }
        }
    }
}
