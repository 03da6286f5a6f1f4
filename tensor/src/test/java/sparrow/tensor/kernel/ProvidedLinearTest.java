package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Layouts for a matrix provider, and the use of its sums. */
@Tag("lanes")
class ProvidedLinearTest {
    private static final ComputePool POOL = new ComputePool(2);

    private final PlainProvider provider = new PlainProvider();
    private final ProvidedLinear linear = new ProvidedLinear(provider, POOL);
    private final Kernels kernels = new VectorKernels(POOL, Optional.of(provider));

    @ParameterizedTest(name = "{0} rows, {1} in, {2} out, {3} {4}")
    @CsvSource({
        "32,32,64,F32,PLAIN,true",
        "33,100,65,F32,TINY,true",
        "5,1027,33,F32,HUGE,true",
        "513,33,70,BF16,WIDE,true",
        "1030,64,65,BF16,PLAIN,true",
        "37,2080,70,BF16,HUGE,false",
        "40,64,70,BF16,TINY,false",
        "2,32,1,BF16,ZEROS,false",
        "33,2048,65,Q4_0,PLAIN,true",
        "3,32,300,Q4_0,HUGE,true",
        "33,1056,65,Q8_0,ZEROS,true",
        "33,1280,65,Q4_K,PLAIN,true",
        "4,256,129,Q5_K,PLAIN,true",
        "34,2304,65,Q6_K,PLAIN,true",
        "33,101,70,F16,PLAIN,true"
    })
    void resultsAreWithinTheBound(int rows, int columns, int outputs, DType type, Numbers numbers, boolean packed) {
        SplittableRandom random = new SplittableRandom(rows * 31L + columns);
        try (Arena arena = Arena.ofShared()) {
            Matrix w = type.isQuantised()
                    ? Matrices.quantised(random, type, outputs, columns, arena)
                    : Matrices.of(random, numbers, type, outputs, columns, arena);
            float[] bias = rows % 2 == 0 ? null : values(random, numbers, outputs);
            Block x = new Block(values(random, numbers, 3 + rows * (columns + 2)), 3, columns + 2, rows, columns);
            Block y = new Block(new float[rows * (outputs + 5) + 1], 1, outputs + 5, rows, outputs);

            linear.linear(x, packed ? kernels.packAsStored(w, arena) : kernels.view(w), bias, y);

            expectWithinBound(x, w, bias, y);
        }
    }

    private static void expectWithinBound(Block x, Matrix w, float[] bias, Block y) {
        float[] row = new float[w.columns()];
        for (int o = 0; o < w.rows(); o++) {
            w.row(o, row, 0);
            for (int r = 0; r < x.rows(); r++) {
                double exact = bias == null ? 0 : bias[o];
                double magnitudes = Math.abs(exact);
                double tiny = 0;
                for (int c = 0; c < row.length; c++) {
                    double product = (double) x.data()[x.row(r) + c] * row[c];
                    exact += product;
                    magnitudes += Math.abs(product);
                    tiny += Math.abs(x.data()[x.row(r) + c]) + Math.abs(row[c]) + 2;
                }
                double bound = (0x1p-7 + 0x1p-16 + (row.length + 1) * 0x1p-23) * magnitudes + 0x1p-126 * tiny;
                float actual = y.data()[y.row(r) + o];
                if (!(Math.abs(actual - exact) <= bound)) {
                    fail("row %d, output %d: %s instead of %s, bound %s", r, o, actual, exact, bound);
                }
            }
        }
        // Between the rows of y, and before the first, nothing is written.
        for (int r = 0; r < y.rows(); r++) assertThat(y.data()[y.row(r) - 1]).isZero();
    }

    @Test
    void overlappingWindowsAreRowsToo() {
        SplittableRandom random = new SplittableRandom(7);
        try (Arena arena = Arena.ofShared()) {
            Matrix w = Matrices.of(random, Numbers.PLAIN, DType.F32, 40, 21, arena);
            Block x = new Block(values(random, Numbers.PLAIN, 600 * 3 + 21), 0, 3, 600, 21);
            Block y = new Block(new float[600 * 41 + 1], 1, 41, 600, 40);

            linear.linear(x, kernels.pack(w, arena), null, y);

            expectWithinBound(x, w, null, y);
        }
    }

    @Test
    void someRowsOfAWeightAreThoseOfTheWhole() {
        SplittableRandom random = new SplittableRandom(8);
        try (Arena arena = Arena.ofShared()) {
            Matrix w = Matrices.quantised(random, DType.Q4_0, 200, 96, arena);
            Block x = Block.of(values(random, Numbers.PLAIN, 33 * 96), 33, 96);
            Block whole = Block.of(new float[33 * 200], 33, 200);
            Block some = Block.of(new float[33 * 72], 33, 72);
            Weight packed = kernels.pack(w, arena);

            linear.linear(x, packed, null, whole);
            linear.linear(x, packed.rows(128, 200), null, some);

            for (int r = 0; r < 33; r++) {
                assertThat(Arrays.copyOfRange(some.data(), some.row(r), some.row(r) + 72))
                        .containsExactly(Arrays.copyOfRange(whole.data(), whole.row(r) + 128, whole.row(r) + 200));
            }
        }
    }

    @Test
    void infinityAndNanStayInTheirRows() {
        try (Arena arena = Arena.ofShared()) {
            float[] weights = new float[3 * 40];
            weights[5] = 2;
            weights[40 + 5] = -2;
            Weight w = kernels.pack(Matrix.copyOf(weights, 3, 40, arena), arena);
            float[] x = new float[40 * 40];
            x[40 + 5] = Float.POSITIVE_INFINITY;
            x[80 + 6] = Float.intBitsToFloat(0xffffffff);
            Block y = Block.of(new float[40 * 3], 40, 3);

            linear.linear(Block.of(x, 40, 40), w, null, y);

            assertThat(Arrays.copyOf(y.data(), 12))
                    .containsExactly(
                            0,
                            0,
                            0,
                            Float.POSITIVE_INFINITY,
                            Float.NEGATIVE_INFINITY,
                            Float.NaN,
                            Float.NaN,
                            Float.NaN,
                            Float.NaN,
                            0,
                            0,
                            0);
        }
    }

    @Test
    void onlyLargeProductsGoToTheProvider() {
        try (Arena arena = Arena.ofShared()) {
            Weight w = kernels.pack(Matrix.copyOf(new float[256 * 256], 256, 256, arena), arena);
            Weight large = kernels.pack(Matrix.copyOf(new float[4096 * 256], 4096, 256, arena), arena);

            assertThat(callsFor(kernels, large, 31)).isZero();
            assertThat(callsFor(kernels, w, 511)).isZero();
            assertThat(callsFor(kernels, large, 32)).isPositive();
            assertThat(callsFor(kernels, w, 512)).isPositive();
        }
    }

    /** With tiles, smaller products are faster too; 12 rows of quantised weights are not unpacked in Java. */
    @Test
    void tilesMultiplySmallerProductsToo() {
        PlainProvider.Tiles tiles = new PlainProvider.Tiles(provider);
        Kernels tiled = new VectorKernels(POOL, Optional.of(tiles));
        try (Arena arena = Arena.ofShared()) {
            Weight w = tiled.pack(Matrix.copyOf(new float[256 * 256], 256, 256, arena), arena);
            Weight large = tiled.pack(Matrix.copyOf(new float[4096 * 256], 4096, 256, arena), arena);

            assertThat(callsFor(tiled, large, 12)).isZero();
            assertThat(callsFor(tiled, w, 63)).isZero();
            assertThat(callsFor(tiled, large, 13)).isPositive();
            assertThat(callsFor(tiled, w, 64)).isPositive();
        }
    }

    /** Queries, keys and values of an audio network come as several products of one input. */
    @Test
    void severalProductsOfManyRowsGoToTheProviderToo() {
        try (Arena arena = Arena.ofShared()) {
            int rows = 512;
            Weight w = kernels.pack(Matrix.copyOf(new float[256 * 256], 256, 256, arena), arena);
            Block x = Block.of(new float[rows * 256], rows, 256);
            Product one = new Product(w, null, Block.of(new float[rows * 256], rows, 256));
            Product other = new Product(w, null, Block.of(new float[rows * 256], rows, 256));

            kernels.linear(x, List.of(one));
            int calls = provider.calls.get();
            kernels.linear(x, List.of(one, other));

            assertThat(calls).isPositive();
            assertThat(provider.calls.get()).isEqualTo(3 * calls);
        }
    }

    private int callsFor(Kernels kernels, Weight w, int rows) {
        int before = provider.calls.get();
        Block x = Block.of(new float[rows * w.columns()], rows, w.columns());
        kernels.linear(x, w, null, Block.of(new float[rows * w.rows()], rows, w.rows()));
        return provider.calls.get() - before;
    }

    @Test
    void theArithmeticNamesTheProvider() {
        assertThat(kernels.arithmetic()).isEqualTo("vector-" + kernels.vectorBits() + "x" + Tiles.TALL + "+plain");
        assertThat(kernels.matrixProvider()).contains(provider);
        assertThat(new VectorKernels(POOL).arithmetic()).isEqualTo("vector-" + kernels.vectorBits() + "x" + Tiles.TALL);
    }

    @Test
    void aFailureOfTheProviderIsThrownAndTheNextProductWorks() {
        MatrixProvider failing = new MatrixProvider() {
            private boolean failed;

            @Override
            public synchronized void multiply(Shape shape, MemorySegment x, MemorySegment w, MemorySegment y) {
                if (!failed) {
                    failed = true;
                    throw new IllegalStateException("no luck");
                }
                provider.multiply(shape, x, w, y);
            }

            @Override
            public String arithmetic() {
                return "failing";
            }

            @Override
            public String description() {
                return "failing";
            }

            @Override
            public boolean isFasterThanF32() {
                return false;
            }
        };
        ProvidedLinear once = new ProvidedLinear(failing, POOL);
        try (Arena arena = Arena.ofShared()) {
            Matrix w = Matrices.of(new SplittableRandom(1), Numbers.PLAIN, DType.F32, 70, 50, arena);
            Weight packed = kernels.pack(w, arena);
            Block x = Block.of(values(new SplittableRandom(2), Numbers.PLAIN, 40 * 50), 40, 50);
            Block y = new Block(new float[40 * 71 + 1], 1, 71, 40, 70);

            assertThatThrownBy(() -> once.linear(x, packed, null, y)).hasMessage("no luck");
            once.linear(x, packed, null, y);

            expectWithinBound(x, w, null, y);
        }
    }

    private static float[] values(SplittableRandom random, Numbers numbers, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = numbers.next(random);
        return values;
    }
}
