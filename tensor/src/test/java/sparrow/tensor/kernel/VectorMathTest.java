package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Exponential, sine and lane sum: how exact they are, and that a run can be repeated to the last bit. */
@Tag("lanes")
class VectorMathTest {
    @Test
    void exponentialIsWithinTwoUnitsFromUnderflowToOverflow() {
        for (float x = -104; x <= 88.7f; x += 0.37f) {
            double expected = Math.exp(x);

            float actual = VectorMath.exp(FloatVector.broadcast(Lanes.F32, x)).lane(0);

            // Below the normal numbers a unit is the smallest number there is.
            assertThat(Math.abs(actual - expected))
                    .as("exp(%s)", x)
                    .isLessThanOrEqualTo(Math.max(2 * Math.ulp((float) expected), 2 * Float.MIN_VALUE));
        }
    }

    @Test
    void exponentialEndsInZeroAndInfinity() {
        float[] ends = {Float.NEGATIVE_INFINITY, -1e30f, -105, 89, 1e30f, Float.POSITIVE_INFINITY};
        float[] expected = {0, 0, 0, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY};

        for (int i = 0; i < ends.length; i++) {
            assertThat(VectorMath.exp(FloatVector.broadcast(Lanes.F32, ends[i])).lane(0))
                    .isEqualTo(expected[i]);
        }
    }

    @Test
    void exponentialOfZeroIsOneAndOfNoNumberNone() {
        for (float zero : new float[] {0, -0f, Float.MIN_VALUE}) {
            assertThat(VectorMath.exp(FloatVector.broadcast(Lanes.F32, zero)).lane(Lanes.COUNT - 1))
                    .isEqualTo(1);
        }
        assertThat(VectorMath.exp(FloatVector.broadcast(Lanes.F32, Float.NaN)).lane(0))
                .isNaN();
    }

    @Test
    void squaredSineIsWithinAMillionthUpToAHundredThousand() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2_000; i++) {
            float x = (float) (Math.pow(10, random.nextDouble(-3, 5)) * (random.nextBoolean() ? 1 : -1));
            double sine = Math.sin(x);

            float actual =
                    VectorMath.sineSquared(FloatVector.broadcast(Lanes.F32, x)).lane(0);

            assertThat(Math.abs(actual - sine * sine)).as("sin(%s)^2", x).isLessThan(1e-6);
        }
    }

    @Test
    void bitsStayTheSameWhenTheJitHasCompiled() {
        float[] x = new float[64 * Lanes.COUNT];
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < x.length; i++) x[i] = (float) random.nextDouble(-20, 20);
        float[] interpreted = everything(x);

        for (int run = 0; run < 3_000; run++) everything(x);

        assertThat(everything(x)).isEqualTo(interpreted);
    }

    @Test
    void sumTakesHalvesOntoHalves() {
        SplittableRandom random = new SplittableRandom(5);
        float[] lanes = new float[Lanes.COUNT];
        for (int i = 0; i < lanes.length; i++) lanes[i] = Numbers.WIDE.next(random);
        float[] sums = lanes.clone();
        for (int n = lanes.length / 2; n > 0; n /= 2) {
            for (int i = 0; i < n; i++) sums[i] += sums[i + n];
        }

        assertThat(VectorMath.sum(FloatVector.fromArray(Lanes.F32, lanes, 0))).isEqualTo(sums[0]);
    }

    /** The first turns are interpreted, the last are not; a seed must give the same reply in both. */
    @Test
    void everyOperationStaysTheSameToTheBitWhenItIsCompiled() {
        int turns = Widths.slow() ? 20 : 3000;
        try (ComputePool pool = new ComputePool(1)) {
            Kernels kernels = new VectorKernels(pool);
            float[] first = allOperations(kernels);
            for (int turn = 1; turn < turns; turn++) {
                float[] later = allOperations(kernels);
                if (!Arrays.equals(first, later))
                    assertThat(later).as("turn %d", turn).isEqualTo(first);
            }
        }
    }

    private static float[] allOperations(Kernels kernels) {
        int n = 8 * Lanes.COUNT;
        SplittableRandom random = new SplittableRandom(9);
        float[] x = new float[9 * n];
        for (int i = 0; i < x.length; i++) x[i] = (float) random.nextGaussian() * 3;
        float[] weight = Arrays.copyOf(x, n);
        kernels.rmsNorm(new Block(x, 0, n, 1, n), weight, 1e-6f, new Block(x, 0, n, 1, n));
        kernels.layerNorm(new Block(x, n, n, 1, n), weight, weight, 1e-6f, new Block(x, n, n, 1, n));
        kernels.softmax(x, 2 * n, n, 0.7f);
        kernels.apply(Activation.GELU, x, 3 * n, n);
        kernels.apply(Activation.MISH, x, 4 * n, n);
        kernels.apply(Activation.ELU, x, 5 * n, n);
        kernels.siluMultiply(x, 6 * n, weight, 0, n);
        kernels.snake(new Block(x, 7 * n, n, 1, n), weight);
        kernels.apply(Activation.GELU_TANH, x, 8 * n, n);
        float[] results = Arrays.copyOf(x, x.length + 1);
        results[x.length] = kernels.dot(x, 0, x, n, n);
        return results;
    }

    private static float[] everything(float[] x) {
        float[] results = new float[3 * x.length];
        for (int i = 0; i < x.length; i += Lanes.COUNT) {
            FloatVector v = FloatVector.fromArray(Lanes.F32, x, i);
            VectorMath.exp(v).intoArray(results, i);
            VectorMath.sineSquared(v).intoArray(results, x.length + i);
            results[2 * x.length + i] = VectorMath.sum(v);
        }
        return results;
    }
}
