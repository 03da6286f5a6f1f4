package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Softmax against the reference, and what every softmax must be. */
@Tag("lanes")
class SoftmaxTest {
    private static final ComputePool POOL = new ComputePool(1);
    private static final List<Kernels> BOTH = List.of(new ScalarKernels(POOL), new VectorKernels(POOL));

    static List<Integer> lengths() {
        return Widths.lengths();
    }

    static LongStream seeds() {
        return Widths.seeds();
    }

    @ParameterizedTest(name = "{0} values")
    @MethodSource("lengths")
    void agreesWithTheReferenceForEveryLength(int n) {
        check(new SplittableRandom(n), n, 3, 0);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesWithTheReferenceOnAnyData(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // Logits from flat to far beyond what f32's exponential can tell from zero, with up to half masked.
        double spread = Math.pow(10, random.nextDouble(-3, 4));

        check(random, random.nextInt(1, Widths.slow() ? 100 : 2000), spread, random.nextDouble(0.5));
    }

    @Test
    void softmaxOfOneValueIsOne() {
        for (Kernels kernels : BOTH) {
            for (float value : new float[] {0, -0f, 1e30f, -1e30f, Float.MIN_VALUE, -3e38f}) {
                float[] x = {value};

                kernels.softmax(x, 0, 1, 0.125f);

                assertThat(x).as("softmax of [%s]", value).containsExactly(1);
            }
        }
    }

    @Test
    void maskedEntriesGetNothingAndTheRestSharesOne() {
        for (Kernels kernels : BOTH) {
            for (int kept = 0; kept < 40; kept++) {
                float[] x = new float[40];
                Arrays.fill(x, Float.NEGATIVE_INFINITY);
                x[kept] = -1e4f;
                x[39 - kept] = -1e4f;

                kernels.softmax(x, 0, 40, 1);

                for (int i = 0; i < 40; i++) {
                    assertThat(x[i]).isEqualTo(i == kept || i == 39 - kept ? 0.5f : 0f);
                }
            }
        }
    }

    @Test
    void equalValuesShareEquallyHoweverLargeTheyAre() {
        for (Kernels kernels : BOTH) {
            for (float value : new float[] {3e38f, -3e38f, 88, -104, 0}) {
                float[] x = new float[37];
                Arrays.fill(x, value);

                kernels.softmax(x, 0, 37, 0.5f);

                assertThat(x).containsOnly(new float[] {1 / 37f}, offset(1e-8f));
            }
        }
    }

    @Test
    void valuesFarBelowTheLargestVanishWithoutNaN() {
        for (Kernels kernels : BOTH) {
            float[] x = new float[33];
            Arrays.fill(x, -1e38f);
            x[20] = 1e38f;

            kernels.softmax(x, 0, 33, 1);

            for (int i = 0; i < 33; i++) assertThat(x[i]).isEqualTo(i == 20 ? 1 : 0);
        }
    }

    private static void check(SplittableRandom random, int n, double spread, double masked) {
        Block start = Framed.block(random, Numbers.PLAIN, 1, n, 0);
        for (int i = 0; i < n; i++) {
            float value = (float) (random.nextGaussian() * spread);
            // The first stays: when all are masked there is no answer.
            start.data()[start.offset() + i] = i > 0 && random.nextDouble() < masked ? Float.NEGATIVE_INFINITY : value;
        }
        float scale = (float) random.nextDouble(0.05, 1);
        Block expected = Framed.copy(start);
        Block actual = Framed.copy(start);

        BOTH.get(1).softmax(actual.data(), actual.offset(), n, scale);

        BOTH.get(0).softmax(expected.data(), expected.offset(), n, scale);
        // Both take the exponential of the same f32 numbers, each to 2 units in the last place (2^-22), sum n positive
        // numbers (n 2^-24 at most), and round twice. Below f32's normal range units are 2^-149, or lost altogether.
        double relative = (n + 12) * Numbers.ROUNDING;
        Framed.assertClose(
                actual,
                expected,
                (r, i) -> relative * expected.data()[expected.offset() + i] + Float.MIN_NORMAL,
                n + " values, spread " + spread + ", masked " + masked);
        Framed.assertFrameUntouched(actual);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            float share = actual.data()[actual.offset() + i];
            assertThat(share).isBetween(0f, 1f + 1e-6f);
            if (Float.isInfinite(start.data()[start.offset() + i]))
                assertThat(share).isZero();
            sum += share;
        }
        if (n > 0) assertThat(sum).isCloseTo(1, offset(relative));
    }
}
