package sparrow.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers that the formats represent exactly are stored and read without change, whatever their count. */
class PlainNumbersTest {
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void numbersAreReadAsTheyWereStored(DType dtype) {
        for (int n : new int[] {0, 1, 4096, 4097, 10_000}) {
            float[] numbers = new float[n];
            // Different neighbours, also those a power of two apart; eight bits fit in every format.
            for (int i = 0; i < n; i++) numbers[i] = i % 251 - 125;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment data = arena.allocate(dtype.bytes(n));
                dtype.store(numbers, data);
                float[] read = new float[n + 2];
                new Tensor(data, dtype, List.of(n)).toFloats(read, 1);

                assertThat(Arrays.copyOfRange(read, 1, n + 1)).isEqualTo(numbers);
                assertThat(read[0]).isZero();
                assertThat(read[n + 1]).isZero();
            }
        }
    }
}
