package sparrow.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One number that is not finite is found wherever it stands, in every type of weights. */
class FiniteTest {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void valueThatIsNoneIsFound(float other) {
        float[] values = new float[10_001];
        assertThat(Finite.all(values)).isTrue();
        for (int at : new int[] {0, 5000, 10_000}) {
            float[] damaged = values.clone();
            damaged[at] = other;

            assertThat(Finite.all(damaged)).isFalse();
        }
    }

    @Test
    void largestAndSmallestNumbersAreFinite() {
        assertThat(Finite.all(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -0.0f}))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q5_K", "Q6_K"})
    void elementOrScaleThatIsNoneIsFound(DType dtype) {
        int rows = 3;
        int columns = 13 * 256;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(rows * dtype.bytes(columns));
            Matrix matrix = new Matrix(data, dtype, rows, columns);
            // Bytes of quants may be anything.
            if (dtype.isQuantised()) {
                data.asSlice(0, dtype.blockBytes()).fill((byte) -1);
                for (int place : dtype.factors()) data.set(I16, place, (short) 0);
            }
            assertThat(Finite.all(matrix)).isTrue();
            for (int place : dtype.isQuantised() ? dtype.factors() : List.of(0)) {
                for (long element : new long[] {0, 4096, rows * columns - 32}) {
                    long at = element / dtype.blockElements() * dtype.blockBytes() + place;
                    for (boolean negative : new boolean[] {false, true}) {
                        set(data, dtype, at, negative);
                        assertThat(Finite.all(matrix)).isFalse();
                    }
                    data.asSlice(at, dtype == DType.F32 ? 4 : 2).fill((byte) 0);
                    assertThat(Finite.all(matrix)).isTrue();
                }
            }
        }
    }

    private static void set(MemorySegment data, DType dtype, long at, boolean negative) {
        int sign = negative ? 0x8000 : 0;
        switch (dtype) {
            case F32 -> data.set(I16, at + 2, (short) (0x7f80 | sign));
            case BF16 -> data.set(I16, at, (short) (0x7f80 | sign));
            default -> data.set(I16, at, (short) (0x7c00 | sign));
        }
    }
}
