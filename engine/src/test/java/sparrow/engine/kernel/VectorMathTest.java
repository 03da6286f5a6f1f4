package sparrow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

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
