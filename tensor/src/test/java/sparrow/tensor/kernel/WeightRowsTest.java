package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Some rows of a weight, without the others. */
@Tag("lanes")
class WeightRowsTest {
    private static final List<Kernels> BOTH =
            List.of(new ScalarKernels(new ComputePool(1)), new VectorKernels(new ComputePool(2)));

    private static final List<DType> QUANTISED =
            DType.weights().stream().filter(DType::isQuantised).toList();

    @ParameterizedTest(name = "{0} rows of activations")
    @ValueSource(ints = {1, 2, 5, 20})
    void giveToTheBitWhatTheWholeGives(int rows) {
        SplittableRandom random = new SplittableRandom(rows);
        try (Arena arena = Arena.ofShared()) {
            for (DType type : List.of(DType.F32, DType.F16, DType.BF16)) {
                check(Matrices.of(random, Numbers.PLAIN, type, 211, 37, arena), rows, arena);
            }
            for (DType type : QUANTISED) check(Matrices.quantised(random, type, 211, 256, arena), rows, arena);
        }
    }

    @ParameterizedTest(name = "{0} rows of activations")
    @ValueSource(ints = {1, 2, 5, 20})
    void ofQuantisedWeightsGiveToTheBitWhatTheWholeGives(int rows) {
        SplittableRandom random = new SplittableRandom(rows);
        try (Arena arena = Arena.ofShared()) {
            // Bundles that are read side by side stand beside others in a part.
            int outputs = rows < 5 ? 9 * Weight.ROW_GROUP + 5 : 211;
            Block x = Framed.block(random, Numbers.PLAIN, rows, 512, 2);
            for (DType type : QUANTISED) {
                Matrix w = Matrices.quantised(random, type, outputs, 512, arena);
                for (Kernels kernels : BOTH) {
                    check(kernels, kernels.pack(w, arena), x);
                    check(kernels, kernels.view(w), x);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0} rows of activations")
    @ValueSource(ints = {1, 2, 3})
    void ofQuantisedWeightsDoNotDependOnTheSizeOfPieces(int rows) {
        SplittableRandom random = new SplittableRandom(rows);
        try (Arena arena = Arena.ofShared();
                ComputePool one = new ComputePool(1);
                ComputePool several = new ComputePool(3)) {
            Kernels large = new VectorKernels(one);
            Kernels small = new VectorKernels(several);
            Block x = Framed.block(random, Numbers.PLAIN, rows, 512, 2);
            for (DType type : QUANTISED) {
                Matrix w = Matrices.quantised(random, type, 9 * Weight.ROW_GROUP + 5, 512, arena);
                Block expected = Block.of(new float[rows * w.rows()], rows, w.rows());
                Block actual = Block.of(new float[rows * w.rows()], rows, w.rows());

                large.linear(x, large.pack(w, arena), null, expected);
                small.linear(x, small.pack(w, arena), null, actual);

                assertThat(actual.data()).isEqualTo(expected.data());
            }
        }
    }

    @Test
    void readNoOtherBytes() {
        try (Arena arena = Arena.ofShared()) {
            Matrix w = Matrix.copyOf(new float[200 * 3], 200, 3, arena);
            for (Kernels kernels : BOTH) {
                assertThat(kernels.view(w).rows(64, 192).bytes()).isEqualTo(4 * 128 * 3);
                assertThat(kernels.pack(w, arena).rows(64, 192).bytes()).isEqualTo(4 * 128 * 3);
            }
        }
    }

    @Test
    void areRefusedWhereSomeLayoutCannotBeCut() {
        try (Arena arena = Arena.ofShared()) {
            Matrix w = Matrix.copyOf(new float[200 * 3], 200, 3, arena);
            for (Kernels kernels : BOTH) {
                for (Weight weight : List.of(kernels.view(w), kernels.pack(w, arena))) {
                    for (int[] rows : new int[][] {{1, 64}, {64, 100}, {-64, 64}, {64, 64}, {128, 64}, {192, 256}}) {
                        assertThatThrownBy(() -> weight.rows(rows[0], rows[1]))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessage("rows " + rows[0] + " to " + rows[1]
                                        + " of a weight of 200 rows: expected complete groups of 64");
                    }
                }
            }
        }
    }

    private static void check(Matrix w, int rows, Arena arena) {
        Block x = Framed.block(new SplittableRandom(rows), Numbers.PLAIN, rows, w.columns(), 2);
        for (Kernels kernels : BOTH) {
            check(kernels, kernels.pack(w, arena), x);
            check(kernels, kernels.packAsStored(w, arena), x);
            check(kernels, kernels.view(w), x);
        }
    }

    private static void check(Kernels kernels, Weight weight, Block x) {
        Block whole = Block.of(new float[x.rows() * weight.rows()], x.rows(), weight.rows());
        kernels.linear(x, weight, null, whole);
        int end = weight.rows();
        for (int[] rows : new int[][] {{0, 64}, {64, 192}, {64, end}, {128, end}, {0, end}}) {
            Block part = Framed.empty(new SplittableRandom(1), x.rows(), rows[1] - rows[0], 3);

            kernels.linear(x, weight.rows(rows[0], rows[1]), null, part);

            Framed.assertClose(part, whole.columns(rows[0], rows[1]), (r, c) -> 0, "rows " + rows[0] + ".." + rows[1]);
            Framed.assertFrameUntouched(part);
        }
    }
}
