package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Inner product and scaled sum against the reference. */
@Tag("lanes")
class SumTest {
    private static final ComputePool POOL = new ComputePool(1);
    private static final Kernels REFERENCE = new ScalarKernels(POOL);
    private static final Kernels VECTOR = new VectorKernels(POOL);
    private static final Kernels TWO_THREADS = new VectorKernels(new ComputePool(2));

    static List<Integer> lengths() {
        return Widths.lengths();
    }

    static LongStream seeds() {
        return Widths.seeds();
    }

    @ParameterizedTest(name = "{0} values")
    @MethodSource("lengths")
    void agreeWithTheReferenceForEveryLength(int n) {
        check(new SplittableRandom(n), Numbers.PLAIN, n);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreeWithTheReferenceOnAnyData(long seed) {
        SplittableRandom random = new SplittableRandom(seed);

        check(random, Numbers.any(random), random.nextInt(Widths.slow() ? 100 : 3000));
    }

    /** Enough rows for several pieces of work. */
    @ParameterizedTest(name = "{0} columns")
    @MethodSource("lengths")
    void sumsOfBlocksAreThoseOfTheReferenceToTheBit(int columns) {
        SplittableRandom random = new SplittableRandom(columns);
        int rows = 20_000 / Math.max(1, columns) + 1;
        Block x = Framed.block(random, Numbers.PLAIN, rows, columns, 0);
        Block y = Framed.block(random, Numbers.PLAIN, rows, columns, 0);
        float[] gate = Framed.block(random, Numbers.PLAIN, 1, columns, 0).data().clone();
        gate = Arrays.copyOf(gate, columns);
        Block scaled = Framed.copy(y);
        Block gated = Framed.copy(y);
        Block expectedScaled = Framed.copy(y);
        Block expectedGated = Framed.copy(y);

        TWO_THREADS.addScaled(0.3f, x, scaled);
        TWO_THREADS.addGated(gate, x, gated);

        REFERENCE.addScaled(0.3f, x, expectedScaled);
        REFERENCE.addGated(gate, x, expectedGated);
        assertThat(scaled.data()).isEqualTo(expectedScaled.data());
        assertThat(gated.data()).isEqualTo(expectedGated.data());
        if (columns > 0) assertThat(scaled.data()).isNotEqualTo(y.data());
        if (columns > 0) assertThat(gated.data()).isNotEqualTo(y.data());
    }

    private static void check(SplittableRandom random, Numbers numbers, int n) {
        Block a = Framed.block(random, numbers, 1, n, 0);
        Block b = Framed.block(random, numbers, 1, n, 0);
        checkDot(a, b, numbers + ", " + n);
        checkAddScaled((float) random.nextDouble(-2, 2), a, b, numbers + ", " + n);
        checkAddScaled(1, a, b, numbers + ", " + n);
    }

    private static void checkDot(Block a, Block b, String what) {
        int n = a.columns();
        double magnitudes = 0;
        for (int i = 0; i < n; i++) {
            magnitudes += Math.abs((double) a.data()[a.offset() + i] * b.data()[b.offset() + i]);
        }

        double actual = VECTOR.dot(a.data(), a.offset(), b.data(), b.offset(), n);

        double expected = REFERENCE.dot(a.data(), a.offset(), b.data(), b.offset(), n);
        assertThat(actual).as(what).isCloseTo(expected, offset(Numbers.sumTolerance(n, magnitudes)));
    }

    private static void checkAddScaled(float factor, Block x, Block y, String what) {
        Block before = Framed.copy(x);
        Block actual = Framed.copy(y);
        Block expected = Framed.copy(y);

        VECTOR.addScaled(factor, x.data(), x.offset(), actual.data(), actual.offset(), x.columns());

        REFERENCE.addScaled(factor, x.data(), x.offset(), expected.data(), expected.offset(), x.columns());
        // The same two operations in the same order: the same bits.
        Framed.assertClose(actual, expected, (r, c) -> Double.MIN_VALUE, what);
        Framed.assertFrameUntouched(actual);
        Framed.assertSame(x, before);
    }
}
