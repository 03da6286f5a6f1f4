package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** With kernels for decoding, the result for a row is bit-identical to the result for this row alone. */
@Tag("lanes")
class DecodingKernelsTest {
    private static final List<Integer> ROWS = List.of(2, 3, 6, 12, 13, 25, 40, 67);
    private static final int ALL = 67;

    static LongStream seeds() {
        return Widths.seeds();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = DType.class,
            names = {"I32", "I64", "F64"},
            mode = EnumSource.Mode.EXCLUDE)
    void aRowOfALinearLayerIsTheSameWhateverRowsAreBesideIt(DType type) {
        SplittableRandom random = new SplittableRandom(type.ordinal());
        int columns = type.isQuantised() ? 512 : 87;
        try (Arena arena = Arena.ofShared()) {
            Matrix w = type.isQuantised()
                    ? Matrices.quantised(random, type, 70, columns, arena)
                    : Matrices.of(random, Numbers.PLAIN, type, 70, columns, arena);
            for (int threads : new int[] {1, 2}) {
                Kernels kernels = new VectorKernels(new ComputePool(threads)).decoding();
                for (Weight weight : weights(kernels, w, arena)) {
                    check(kernels, weight, random);
                }
            }
        }
    }

    private static List<Weight> weights(Kernels kernels, Matrix w, Arena arena) {
        return List.of(kernels.pack(w, arena), kernels.packAsStored(w, arena), kernels.view(w));
    }

    private static void check(Kernels kernels, Weight w, SplittableRandom random) {
        Block x = Framed.block(random, Numbers.PLAIN, ALL, w.columns(), 1);
        Block alone = Block.of(new float[ALL * w.rows()], ALL, w.rows());
        for (int r = 0; r < ALL; r++) kernels.linear(x.rows(r, r + 1), w, null, alone.rows(r, r + 1));
        for (int rows : ROWS) {
            Block together = Block.of(new float[rows * w.rows()], rows, w.rows());
            kernels.linear(x.rows(0, rows), w, null, together);
            assertThat(bits(together)).as("%s, %d rows", w, rows).isEqualTo(bits(alone.rows(0, rows)));

            Arrays.fill(together.data(), 0);
            kernels.linear(x.rows(0, rows), List.of(new Product(w, null, together)));
            assertThat(bits(together)).as("%s, %d rows", w, rows).isEqualTo(bits(alone.rows(0, rows)));
        }
    }

    /** Decoding reads keys and values of positions that are computed in the same pass. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRowOfAttentionIsTheSameWhateverRowsAreBesideIt(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (KvFormat format : KvFormat.values()) {
            Kernels kernels =
                    new VectorKernels(new ComputePool(1)).withKvFormat(format).decoding();
            int width = 1 + random.nextInt(80);
            int group = 1 + random.nextInt(9);
            int rows = 1 + random.nextInt(30);
            int earlier = random.nextInt(Widths.slow() ? 30 : 400);
            int window = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(earlier + rows);
            KvPanels panels = kernels.keyValues(1, width);
            for (int i = 0; i < earlier + rows; i++) {
                panels.append(numbers(random, width), 0, numbers(random, width), 0);
            }
            Block queries = Framed.block(random, Numbers.PLAIN, rows, group * width, 1);
            Block together = Block.of(new float[rows * group * width], rows, group * width);
            Block alone = Block.of(new float[rows * group * width], rows, group * width);

            kernels.attend(queries, panels, 0, earlier, window, 0.1f, together);
            for (int r = 0; r < rows; r++) {
                Block query = queries.rows(r, r + 1);
                kernels.attend(query, panels, 0, earlier + r, window, 0.1f, alone.rows(r, r + 1));
            }

            assertThat(bits(together))
                    .as(
                            "%s, width %d, group %d, %d rows after %d, window %d",
                            format, width, group, rows, earlier, window)
                    .isEqualTo(bits(alone));
        }
    }

    /** A provider computes large products in another precision. */
    @Test
    void kernelsForDecodingUseNoProvider() {
        Kernels kernels = new VectorKernels(new ComputePool(1), Optional.of(new PlainProvider()));

        assertThat(kernels.matrixProvider()).isPresent();
        assertThat(kernels.decoding().matrixProvider()).isEmpty();
        assertThat(kernels.withKvFormat(KvFormat.F16).decoding().kvFormat()).isEqualTo(KvFormat.F16);
    }

    private static float[] numbers(SplittableRandom random, int n) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) numbers[i] = (float) random.nextGaussian();
        return numbers;
    }

    private static int[] bits(Block x) {
        int[] bits = new int[x.rows() * x.columns()];
        for (int r = 0; r < x.rows(); r++) {
            for (int c = 0; c < x.columns(); c++) {
                bits[r * x.columns() + c] = Float.floatToRawIntBits(x.data()[x.row(r) + c]);
            }
        }
        return bits;
    }
}
