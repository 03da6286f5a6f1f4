package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Scales are packed times a power of two: none may lose a digit by it, and no product may change. */
@Tag("lanes")
class QuantisedScalesTest {
    /** More than two bundles of 64 rows, so that each has a power of its own, and two runs with a short last one. */
    private static final int ROWS = 131;

    private static final int COLUMNS = QuantisedWeight.MAX_RUN_COLUMNS + 3 * 32;

    private static final Kernels REFERENCE = new ScalarKernels(new ComputePool(1));
    private static final Kernels VECTOR = new VectorKernels(new ComputePool(2));

    private enum Scales {
        SUBNORMAL(i -> 1 + i % 0x3ff),
        LARGEST_BESIDE_SMALLEST(i -> i % 7 == 0 ? 0x7bff : i % 7 == 1 ? 1 : 0x8001 + i % 0x3ff),
        ZERO(i -> i % 2 << 15),
        ORDINARY(i -> 0x2000 + i % 0x800);

        private final IntUnaryOperator bits;

        Scales(IntUnaryOperator bits) {
            this.bits = bits;
        }
    }

    @ParameterizedTest
    @EnumSource(Scales.class)
    void keepTheirValue(Scales scales) {
        for (DType type : new DType[] {DType.Q4_0, DType.Q8_0}) {
            try (Arena arena = Arena.ofShared()) {
                SplittableRandom random = new SplittableRandom(3);
                Matrix w = Matrices.quantised(random, type, ROWS, COLUMNS, arena);
                int blocks = Math.toIntExact(w.data().byteSize() / type.blockBytes());
                for (int i = 0; i < blocks; i++) {
                    short bits = (short) scales.bits.applyAsInt(i);
                    w.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, (long) i * type.blockBytes(), bits);
                }
                Weight packed = VECTOR.pack(w, arena);

                Block numbers = Block.of(new float[ROWS * COLUMNS], ROWS, COLUMNS);
                VECTOR.unpack(packed, numbers);
                for (int r = 0; r < ROWS; r++) {
                    float[] row = new float[COLUMNS];
                    w.row(r, row, 0);
                    assertThat(Arrays.copyOfRange(numbers.data(), r * COLUMNS, (r + 1) * COLUMNS))
                            .isEqualTo(row);
                }

                Block x = Framed.block(random, Numbers.PLAIN, 3, COLUMNS, 0);
                float[] magnitudes = Matrices.magnitudes(x, w, null);
                Block expected = Block.of(new float[3 * ROWS], 3, ROWS);
                Block actual = Block.of(new float[3 * ROWS], 3, ROWS);
                REFERENCE.linear(x, REFERENCE.view(w), null, expected);
                VECTOR.linear(x, packed, null, actual);
                Framed.assertClose(
                        actual,
                        expected,
                        (r, o) -> Numbers.sumTolerance(COLUMNS, magnitudes[r * ROWS + o])
                                + Matrices.activationRounding(x, r, w, o),
                        type + ", " + scales);
            }
        }
    }
}
