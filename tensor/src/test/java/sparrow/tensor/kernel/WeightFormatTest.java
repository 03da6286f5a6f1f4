package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Stored weights become exactly the f32 numbers that they mean. */
@Tag("lanes")
class WeightFormatTest {
    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void everyFiniteSixteenBitNumberIsWidenedExactly(DType type) {
        try (Arena arena = Arena.ofShared()) {
            Matrix all = new Matrix(arena.allocate(2 * 65_536), type, 1, 65_536);
            for (int bits = 0; bits < 65_536; bits++) {
                all.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * bits, (short) bits);
            }
            float[] widened = new float[65_536];

            all.row(0, widened, 0);

            int compared = 0;
            for (int bits = 0; bits < 65_536; bits++) {
                float expected =
                        type == DType.F16 ? Float.float16ToFloat((short) bits) : Float.intBitsToFloat(bits << 16);
                if (!Float.isFinite(expected)) continue;
                compared++;
                if (Float.floatToRawIntBits(widened[bits]) != Float.floatToRawIntBits(expected)) {
                    assertThat(widened[bits]).as("%s 0x%04x", type, bits).isEqualTo(expected);
                }
            }
            // All but one of the exponents, with every mantissa and sign.
            assertThat(compared).isEqualTo(type == DType.F16 ? 31 * 2048 : 255 * 256);
        }
    }

    /** In even columns and in odd ones, beside a neighbour with all other bits, for each number of rows of activations. */
    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void everyFiniteSixteenBitNumberIsMultipliedExactly(DType type) {
        int columns = Lanes.PANEL;
        int outputs = 65_536 / Lanes.COUNT;
        try (Arena arena = Arena.ofShared();
                ComputePool pool = new ComputePool(2)) {
            Matrix all = new Matrix(arena.allocate(2L * outputs * columns), type, outputs, columns);
            float[] expected = new float[outputs * columns];
            for (int i = 0; i < expected.length; i++) {
                int bits = i % 2 == 0 ? i / 2 : 0xffff ^ i / 2;
                float value = type == DType.F16 ? Float.float16ToFloat((short) bits) : Float.intBitsToFloat(bits << 16);
                if (!Float.isFinite(value)) continue;
                all.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) bits);
                expected[i] = value;
            }
            Kernels kernels = new VectorKernels(pool);
            for (int rows = 1; rows <= 3; rows++) {
                for (int column = 0; column < columns; column++) {
                    // Row r is 1 at one column and 0 elsewhere.
                    Block x = Block.of(new float[rows * columns], rows, columns);
                    for (int r = 0; r < rows; r++) x.data()[x.row(r) + (column + r) % columns] = 1;
                    Block y = Block.of(new float[rows * outputs], rows, outputs);

                    kernels.linear(x, kernels.view(all), null, y);

                    for (int i = 0; i < y.data().length; i++) {
                        int at = i % outputs * columns + (column + i / outputs) % columns;
                        if (y.data()[i] != expected[at]) {
                            assertThat(y.data()[i]).as("%s, value %d", type, at).isEqualTo(expected[at]);
                        }
                    }
                }
            }
        }
    }

    @Test
    void bytesOfAWeightAreWhatOneUseReads() {
        try (Arena arena = Arena.ofShared()) {
            Kernels kernels = new VectorKernels(new ComputePool(1));
            MemorySegment data = arena.allocate(2L * 3 * 5);
            Matrix stored = new Matrix(data, DType.BF16, 3, 5);

            assertThat(kernels.view(stored).bytes()).isEqualTo(30);
            assertThat(kernels.pack(stored, arena).bytes()).isEqualTo(4L * 5 * Lanes.PANEL);
        }
    }

    @Test
    void referenceRefusesAWeightThatTheVectorKernelsPacked() {
        try (Arena arena = Arena.ofShared()) {
            ComputePool pool = new ComputePool(1);
            Weight packed = new VectorKernels(pool).pack(Matrix.copyOf(new float[6], 2, 3, arena), arena);

            assertThatThrownBy(() -> new ScalarKernels(pool)
                            .linear(Block.of(new float[3], 1, 3), packed, null, Block.of(new float[2], 1, 2)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("scalar kernels: the weight was packed by other kernels");
        }
    }
}
