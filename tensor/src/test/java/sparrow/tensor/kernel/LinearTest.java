package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** The vector kernels' linear layer against the reference's, for every layout, type and shape. */
@Tag("lanes")
class LinearTest {
    private static final List<DType> QUANTISED =
            DType.weights().stream().filter(DType::isQuantised).toList();
    private static final ComputePool ONE = new ComputePool(1);
    private static final ComputePool TWO = new ComputePool(2);
    private static final Kernels REFERENCE = new ScalarKernels(ONE);
    /** Kept through all tests, so that scratch memory is met as earlier and larger products left it. */
    private static final List<Kernels> VECTOR = List.of(new VectorKernels(ONE), new VectorKernels(TWO));

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
    }

    static List<Integer> lengths() {
        return Widths.lengths();
    }

    static LongStream seeds() {
        return Widths.seeds();
    }

    @ParameterizedTest(name = "{0} inputs")
    @MethodSource("lengths")
    void agreesWithTheReferenceForEveryNumberOfInputs(int inputs) {
        SplittableRandom random = new SplittableRandom(inputs);
        for (DType type : List.of(DType.F32, DType.BF16, DType.F16)) {
            check(random, Numbers.PLAIN, type, 3, Lanes.PANEL + 1, inputs);
            check(random, Numbers.PLAIN, type, 13, Lanes.PANEL + 1, inputs);
        }
    }

    @ParameterizedTest(name = "{0} outputs")
    @MethodSource("lengths")
    void agreesWithTheReferenceForEveryNumberOfOutputs(int outputs) {
        SplittableRandom random = new SplittableRandom(outputs);
        check(random, Numbers.PLAIN, DType.F32, 2, outputs, Lanes.COUNT + 3);
        check(random, Numbers.PLAIN, DType.BF16, 12, outputs, Lanes.COUNT + 3);
    }

    @ParameterizedTest(name = "{0} rows")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17, 23, 119, 120, 121, 127, 242})
    void agreesWithTheReferenceForEveryNumberOfRows(int rows) {
        SplittableRandom random = new SplittableRandom(rows);
        int outputs = rows > 100 && Widths.slow() ? 3 : Lanes.PANEL + 2;
        check(random, Numbers.PLAIN, DType.F32, rows, outputs, Lanes.COUNT + 3);
        check(random, Numbers.PLAIN, DType.F16, rows, outputs, Lanes.COUNT + 3);
    }

    @ParameterizedTest(name = "{0} inputs")
    @MethodSource("lengths")
    void agreesWithTheReferenceForFewRowsOfSixteenBitsAndEveryNumberOfInputs(int inputs) {
        SplittableRandom random = new SplittableRandom(inputs);
        for (DType type : List.of(DType.BF16, DType.F16)) {
            for (int rows : List.of(1, 2, 4)) {
                check(random, Numbers.any(random), type, rows, random.nextInt(1, 10), inputs);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithTheReferenceOnEveryKindOfValue(Numbers numbers) {
        SplittableRandom random = new SplittableRandom(numbers.ordinal());
        for (int rows : List.of(1, 2, 4, 6, 12)) check(random, numbers, DType.F32, rows, Lanes.PANEL + 3, 67);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesWithTheReferenceOnAnyData(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DType type = List.of(DType.F32, DType.BF16, DType.F16).get(random.nextInt(3));
        int largest = Widths.slow() ? 40 : 150;

        check(random, Numbers.any(random), type, random.nextInt(16), random.nextInt(largest), random.nextInt(largest));
    }

    @ParameterizedTest(name = "{0} blocks a row")
    @ValueSource(ints = {0, 1, 2, 3, 5, 31, 33, 64, 127, 128, 133})
    void agreesWithTheReferenceOnQuantisedMatrices(int blocks) {
        SplittableRandom random = new SplittableRandom(blocks);
        for (DType type : QUANTISED) {
            int columns = 32 * blocks / type.blockElements() * type.blockElements();
            for (int rows : blocks > 5 && Widths.slow() ? List.of(2) : List.of(1, 2, 3, 4, 8, 9, 10, 13)) {
                try (Arena arena = Arena.ofShared()) {
                    Matrix w = Matrices.quantised(random, type, Lanes.PANEL + 1, columns, arena);
                    check(random, Numbers.PLAIN, w, rows, arena);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0} outputs")
    @MethodSource("lengths")
    void agreesWithTheReferenceForEveryNumberOfQuantisedOutputs(int outputs) {
        SplittableRandom random = new SplittableRandom(outputs);
        for (DType type : QUANTISED) {
            try (Arena arena = Arena.ofShared()) {
                Matrix w = Matrices.quantised(random, type, outputs, Math.max(64, type.blockElements()), arena);
                check(random, Numbers.PLAIN, w, 2, arena);
                check(random, Numbers.PLAIN, w, 11, arena);
            }
        }
    }

    /** Two times four bundles side by side, and two by themselves, the last of them filled up. */
    @Test
    void agreesWithTheReferenceOverManyBundles() {
        SplittableRandom random = new SplittableRandom(9);
        for (DType type : QUANTISED) {
            try (Arena arena = Arena.ofShared()) {
                Matrix w = Matrices.quantised(random, type, 9 * Weight.ROW_GROUP + 5, type.blockElements(), arena);
                check(random, Numbers.PLAIN, w, 1, arena);
                check(random, Numbers.PLAIN, w, 4, arena);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithTheReferenceOnEveryKindOfQuantisedValue(Numbers numbers) {
        SplittableRandom random = new SplittableRandom(numbers.ordinal());
        for (DType type : QUANTISED) {
            try (Arena arena = Arena.ofShared()) {
                Matrix w = Matrices.quantised(random, type, Lanes.PANEL + 3, 3 * type.blockElements(), arena);
                for (int rows : List.of(1, 2, 3, 12)) check(random, numbers, w, rows, arena);
            }
        }
    }

    /** The largest sums that 16-bit lanes must hold: weights of -8 and 7 against activations of 127 and -127. */
    @Test
    void nibbleProductsAreExactOnActivationsThatAreBytesAlready() {
        SplittableRandom random = new SplittableRandom(11);
        try (Arena arena = Arena.ofShared()) {
            int columns = 96;
            Matrix w = Matrices.quantised(random, DType.Q4_0, Lanes.PANEL, columns, arena);
            for (int row = 0; row < 4; row++) {
                byte nibbles = (byte) List.of(0x00, 0xff, 0x0f, 0xf0).get(row).intValue();
                for (int block = 0; block < columns / 32; block++) {
                    w.data().asSlice(row * w.rowBytes() + 18L * block + 2, 16).fill(nibbles);
                }
            }
            float[] x = new float[3 * columns];
            for (int i = 0; i < x.length; i++) {
                int row = i / columns;
                x[i] = row == 0 ? 127 : row == 1 ? (i % 32 < 16 ? -127 : 127) : random.nextInt(-126, 127);
                if (row == 2 && i % 32 == 5) x[i] = -127;
            }
            Block rows = Block.of(x, 3, columns);
            float[] magnitudes = Matrices.magnitudes(rows, w, null);
            Block expected = Block.of(new float[3 * w.rows()], 3, w.rows());
            REFERENCE.linear(rows, REFERENCE.view(w), null, expected);
            for (Kernels kernels : VECTOR) {
                Block actual = Block.of(new float[3 * w.rows()], 3, w.rows());
                kernels.linear(rows, kernels.pack(w, arena), null, actual);
                Framed.assertClose(
                        actual,
                        expected,
                        (r, o) -> Numbers.sumTolerance(columns, magnitudes[r * w.rows() + o]),
                        "bytes");
            }
        }
    }

    /** A row's result must not depend on the rows beside it, as far as few rows go: pending positions come and go. */
    @Test
    void quantisedProductsOfARowAreTheSameBesideOtherRows() {
        SplittableRandom random = new SplittableRandom(12);
        try (Arena arena = Arena.ofShared()) {
            for (DType type : QUANTISED) {
                int columns = 2 * QuantisedWeight.MAX_RUN_COLUMNS + type.blockElements();
                Matrix w = Matrices.quantised(random, type, Lanes.PANEL + 3, columns, arena);
                Kernels kernels = VECTOR.getLast();
                sameBesideOtherRows(kernels, kernels.pack(w, arena), random, 8);
            }
        }
    }

    @Test
    void sixteenBitProductsOfARowAreTheSameBesideOtherRows() {
        SplittableRandom random = new SplittableRandom(13);
        try (Arena arena = Arena.ofShared()) {
            for (DType type : List.of(DType.BF16, DType.F16)) {
                Matrix w = Matrices.of(random, Numbers.PLAIN, type, 7, 5 * Lanes.PANEL + 3, arena);
                Kernels kernels = VECTOR.getLast();
                for (int rows = 2; rows < 9; rows++) {
                    sameBesideOtherRows(kernels, kernels.view(w), random, rows);
                }
            }
        }
    }

    private static void sameBesideOtherRows(Kernels kernels, Weight w, SplittableRandom random, int rows) {
        Block x = Framed.block(random, Numbers.PLAIN, rows, w.columns(), 1);
        Block together = Block.of(new float[rows * w.rows()], rows, w.rows());
        kernels.linear(x, w, null, together);
        for (int r = 0; r < rows; r++) {
            Block alone = Block.of(new float[w.rows()], 1, w.rows());
            kernels.linear(x.rows(r, r + 1), w, null, alone);
            assertThat(Arrays.copyOfRange(together.data(), r * w.rows(), (r + 1) * w.rows()))
                    .isEqualTo(alone.data());
        }
    }

    @Test
    void rowsMayOverlapAsTheWindowsOfAConvolutionDo() {
        SplittableRandom random = new SplittableRandom(7);
        try (Arena arena = Arena.ofShared()) {
            for (int gap : new int[] {-1, -8, -19, -24}) {
                Block x = Framed.block(random, Numbers.PLAIN, 15, 24, gap);
                Matrix w = Matrices.of(random, Numbers.PLAIN, DType.F32, Lanes.PANEL + 5, 24, arena);
                Truth truth = new Truth(x, w, null, 0);
                for (Kernels kernels : VECTOR) {
                    truth.check(kernels, kernels.pack(w, arena), "packed, gap " + gap);
                    truth.check(kernels, kernels.view(w), "viewed, gap " + gap);
                }
            }
        }
    }

    @Test
    void referenceIsWithinItsOwnRoundingOfExactArithmetic() {
        SplittableRandom random = new SplittableRandom(3);
        try (Arena arena = Arena.ofShared()) {
            Block x = Framed.block(random, Numbers.PLAIN, 5, 300, 2);
            Matrix w = Matrices.of(random, Numbers.PLAIN, DType.BF16, 7, 300, arena);
            float[] bias = {1, 2, 3, 4, 5, 6, 7};
            Block y = Framed.empty(random, 5, 7, 0);

            REFERENCE.linear(x, REFERENCE.view(w), bias, y);

            for (int r = 0; r < 5; r++) {
                for (int o = 0; o < 7; o++) {
                    double exact = bias[o];
                    double magnitudes = bias[o];
                    for (int c = 0; c < 300; c++) {
                        double product = (double) x.data()[x.row(r) + c] * Matrices.element(w, o, c);
                        exact += product;
                        magnitudes += Math.abs(product);
                    }
                    assertThat((double) y.data()[y.row(r) + o])
                            .isCloseTo(exact, Offset.offset(Numbers.sumTolerance(300, magnitudes) / 2));
                }
            }
        }
    }

    /** Packed and viewed, with and without bias, on one thread and on two. */
    private static void check(SplittableRandom random, Numbers numbers, DType type, int rows, int outputs, int inputs) {
        try (Arena arena = Arena.ofShared()) {
            check(random, numbers, Matrices.of(random, numbers, type, outputs, inputs, arena), rows, arena);
        }
    }

    private static void check(SplittableRandom random, Numbers numbers, Matrix w, int rows, Arena arena) {
        int gap = random.nextInt(4);
        Block x = Framed.block(random, numbers, rows, w.columns(), gap);
        float[] bias = new float[w.rows()];
        for (int o = 0; o < bias.length; o++) bias[o] = numbers.next(random);
        for (float[] added : Arrays.asList(bias, null)) {
            Truth truth = new Truth(x, w, added, gap);
            for (Kernels kernels : VECTOR) {
                String what = "%s %s, %d rows, %d threads, %s"
                        .formatted(
                                w.dtype(), numbers, rows, kernels.pool().threads(), added == null ? "no bias" : "bias");
                truth.check(kernels, kernels.pack(w, arena), what + ", packed");
                truth.check(kernels, kernels.view(w), what + ", viewed");
            }
        }
    }

    /** A product as the reference computes it, once for all kernels that are held to it. */
    private static final class Truth {
        private final Block x;
        private final Matrix w;
        private final float[] bias;
        private final Block empty;
        private final Block expected;
        private final float[] magnitudes;
        private final double[] activationRounding;

        Truth(Block x, Matrix w, float[] bias, int gap) {
            this.x = x;
            this.w = w;
            this.bias = bias;
            this.empty = Framed.empty(new SplittableRandom(gap), x.rows(), w.rows(), gap);
            this.expected = Framed.copy(empty);
            this.magnitudes = Matrices.magnitudes(x, w, bias);
            this.activationRounding = new double[x.rows() * w.rows()];
            REFERENCE.linear(x, REFERENCE.view(w), bias, expected);
            if (!w.dtype().isQuantised()) return;
            for (int i = 0; i < activationRounding.length; i++) {
                activationRounding[i] = Matrices.activationRounding(x, i / w.rows(), w, i % w.rows());
            }
        }

        void check(Kernels kernels, Weight weight, String what) {
            Block before = Framed.copy(x);
            Block actual = Framed.copy(empty);

            kernels.linear(x, weight, bias, actual);

            boolean rounds = weight instanceof QuantisedWeight;
            Framed.assertClose(
                    actual,
                    expected,
                    (r, o) -> {
                        int at = r * w.rows() + o;
                        return Numbers.sumTolerance(w.columns(), magnitudes[at])
                                + (rounds ? activationRounding[at] : 0);
                    },
                    what + ", " + w.rows() + " x " + w.columns());
            Framed.assertFrameUntouched(actual);
            Framed.assertSame(x, before);
        }
    }
}
