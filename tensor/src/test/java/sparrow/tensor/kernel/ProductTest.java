package sparrow.tensor.kernel;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of activations with activations, as attention needs them. */
@Tag("lanes")
class ProductTest {
    private static final ComputePool POOL = new ComputePool(1);
    private static final Kernels REFERENCE = new ScalarKernels(POOL);
    private static final Kernels VECTOR = new VectorKernels(POOL);

    static List<Integer> lengths() {
        return Widths.lengths();
    }

    static LongStream seeds() {
        return Widths.seeds();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lengths")
    void agreeWithTheReferenceForEveryLengthOfEverySide(int n) {
        SplittableRandom random = new SplittableRandom(n);
        check(random, Numbers.PLAIN, 3, n, Lanes.COUNT + 1);
        check(random, Numbers.PLAIN, 3, Lanes.PANEL + 1, n);
    }

    @ParameterizedTest(name = "{0} rows")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 31})
    void agreeWithTheReferenceForEveryNumberOfRows(int rows) {
        check(new SplittableRandom(rows), Numbers.PLAIN, rows, Lanes.PANEL + 1, Lanes.COUNT + 1);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreeWithTheReferenceOnAnyData(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int largest = Widths.slow() ? 40 : 120;

        check(random, Numbers.any(random), random.nextInt(16), random.nextInt(largest), random.nextInt(largest));
    }

    @Test
    void rowsOfEitherFactorMayOverlap() {
        SplittableRandom random = new SplittableRandom(11);
        Block a = Framed.block(random, Numbers.PLAIN, 9, 20, -13);
        Block b = Framed.block(random, Numbers.PLAIN, Lanes.PANEL + 3, 20, -19);

        checkTransposed(a, b, 2, "overlapping rows");
    }

    /** [rows, inner] by [outer, inner] transposed, and by [inner, outer]. */
    private static void check(SplittableRandom random, Numbers numbers, int rows, int outer, int inner) {
        int gap = random.nextInt(4);
        String what = "%s, %d x %d by %d".formatted(numbers, rows, inner, outer);
        Block a = Framed.block(random, numbers, rows, inner, gap);
        checkTransposed(a, Framed.block(random, numbers, outer, inner, gap), gap, what);
        checkPlain(a, Framed.block(random, numbers, inner, outer, gap), gap, what);
    }

    private static void checkTransposed(Block a, Block b, int gap, String what) {
        Block actual = Framed.empty(new SplittableRandom(gap), a.rows(), b.rows(), gap);
        Block expected = Framed.copy(actual);
        Block beforeA = Framed.copy(a);
        Block beforeB = Framed.copy(b);

        VECTOR.multiplyTransposed(a, b, actual);

        REFERENCE.multiplyTransposed(a, b, expected);
        Framed.assertClose(
                actual,
                expected,
                (i, j) -> {
                    double magnitudes = 0;
                    for (int c = 0; c < a.columns(); c++) magnitudes += product(a, i, c, b, j, c);
                    return Numbers.sumTolerance(a.columns(), magnitudes);
                },
                what + ", transposed");
        Framed.assertFrameUntouched(actual);
        Framed.assertSame(a, beforeA);
        Framed.assertSame(b, beforeB);
    }

    private static void checkPlain(Block a, Block b, int gap, String what) {
        Block actual = Framed.empty(new SplittableRandom(gap), a.rows(), b.columns(), gap);
        Block expected = Framed.copy(actual);
        Block beforeA = Framed.copy(a);
        Block beforeB = Framed.copy(b);

        VECTOR.multiply(a, b, actual);

        REFERENCE.multiply(a, b, expected);
        Framed.assertClose(
                actual,
                expected,
                (i, j) -> {
                    double magnitudes = 0;
                    for (int k = 0; k < a.columns(); k++) magnitudes += product(a, i, k, b, k, j);
                    return Numbers.sumTolerance(a.columns(), magnitudes);
                },
                what);
        Framed.assertFrameUntouched(actual);
        Framed.assertSame(a, beforeA);
        Framed.assertSame(b, beforeB);
    }

    private static double product(Block a, int i, int k, Block b, int r, int c) {
        return Math.abs((double) a.data()[a.row(i) + k] * b.data()[b.row(r) + c]);
    }
}
