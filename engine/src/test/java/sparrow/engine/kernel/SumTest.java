package sparrow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

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

    static List<Integer> lengths() {
        return Widths.lengths();
    }

    static LongStream seeds() {
        return Widths.seeds(200);
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
