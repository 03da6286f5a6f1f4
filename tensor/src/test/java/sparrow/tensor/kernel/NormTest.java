package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RMS norm and layer norm against the reference. */
@Tag("lanes")
class NormTest {
    private static final float EPSILON = 1e-6f;
    private static final ComputePool ONE = new ComputePool(1);
    private static final ComputePool TWO = new ComputePool(2);
    private static final Kernels REFERENCE = new ScalarKernels(ONE);
    private static final List<Kernels> VECTOR = List.of(new VectorKernels(ONE), new VectorKernels(TWO));

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
    }

    static List<Integer> lengths() {
        return Widths.lengths().stream().filter(n -> n > 0).toList();
    }

    static LongStream seeds() {
        return Widths.seeds();
    }

    @ParameterizedTest(name = "{0} columns")
    @MethodSource("lengths")
    void agreeWithTheReferenceForEveryNumberOfColumns(int columns) {
        SplittableRandom random = new SplittableRandom(columns);
        for (int rows : List.of(0, 1, 5)) check(random, Numbers.PLAIN, rows, columns);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreeWithTheReferenceOnAnyData(long seed) {
        SplittableRandom random = new SplittableRandom(seed);

        check(random, Numbers.any(random), random.nextInt(40), random.nextInt(1, Widths.slow() ? 100 : 700));
    }

    @Test
    void rowsOfZerosStayZeros() {
        for (Kernels kernels : VECTOR) {
            Block x = Block.of(new float[3 * 37], 3, 37);

            kernels.rmsNorm(x, filled(37, 2), EPSILON, x);
            assertThat(x.data()).containsOnly(0f);

            kernels.layerNorm(x, filled(37, 2), filled(37, 0.5f), EPSILON, x);
            assertThat(x.data()).containsOnly(0.5f);
        }
    }

    @Test
    void rmsNormOfKnownValues() {
        float[] x = {3, 4};

        VECTOR.getFirst().rmsNorm(Block.of(x, 1, 2), new float[] {1, 10}, 0, Block.of(x, 1, 2));

        // The root of (9 + 16) / 2.
        assertThat(x[0]).isCloseTo(3 / 3.5355339f, offset(1e-6f));
        assertThat(x[1]).isCloseTo(40 / 3.5355339f, offset(1e-5f));
    }

    private static void check(SplittableRandom random, Numbers numbers, int rows, int columns) {
        Block x = Framed.block(random, numbers, rows, columns, random.nextInt(4));
        float[] weight = values(random, columns);
        float[] bias = values(random, columns);
        String what = "%s, %d x %d".formatted(numbers, rows, columns);
        for (Kernels kernels : VECTOR) {
            checkRms(kernels, x, weight, what + ", rms");
            checkLayer(kernels, x, weight, bias, what + ", layer");
        }
    }

    private static void checkRms(Kernels kernels, Block x, float[] weight, String what) {
        Block actual = Framed.empty(new SplittableRandom(1), x.rows(), x.columns(), 3);
        Block expected = Framed.copy(actual);

        kernels.rmsNorm(x, weight, EPSILON, actual);

        REFERENCE.rmsNorm(x, weight, EPSILON, expected);
        // The root halves the relative difference of two sums of squares; four roundings come after it.
        double relative = (x.columns() + 4) * Numbers.ROUNDING;
        Framed.Tolerance tolerance =
                (r, c) -> relative * Math.abs(expected.data()[expected.row(r) + c]) + 2 * Float.MIN_VALUE;
        Framed.assertClose(actual, expected, tolerance, what);
        Framed.assertFrameUntouched(actual);
        Block inPlace = Framed.copy(x);
        kernels.rmsNorm(inPlace, weight, EPSILON, inPlace);
        Framed.assertClose(inPlace, actual, (r, c) -> Double.MIN_VALUE, what + ", in place");
        Framed.assertFrameUntouched(inPlace);
    }

    private static void checkLayer(Kernels kernels, Block x, float[] weight, float[] bias, String what) {
        Block actual = Framed.empty(new SplittableRandom(1), x.rows(), x.columns(), 3);
        Block expected = Framed.copy(actual);

        kernels.layerNorm(x, weight, bias, EPSILON, actual);

        REFERENCE.layerNorm(x, weight, bias, EPSILON, expected);
        double[][] tolerance = new double[x.rows()][];
        for (int r = 0; r < x.rows(); r++) tolerance[r] = layerTolerance(x, r, weight, bias);
        Framed.assertClose(actual, expected, (r, c) -> tolerance[r][c], what);
        Framed.assertFrameUntouched(actual);
        Block inPlace = Framed.copy(x);
        kernels.layerNorm(inPlace, weight, bias, EPSILON, inPlace);
        Framed.assertClose(inPlace, actual, (r, c) -> Double.MIN_VALUE, what + ", in place");
        Framed.assertFrameUntouched(inPlace);
    }

    /**
     * The reference is exact (f64). In f32 the mean is off by at most (n+1) 2^-24 times the mean magnitude; that moves
     * every value and adds its square to the variance, whose own sum is off by (n+3) 2^-24, relative. The root halves
     * what is relative; four roundings follow, and both results are rounded once more.
     */
    private static double[] layerTolerance(Block x, int r, float[] weight, float[] bias) {
        int n = x.columns();
        double[] row = new double[n];
        for (int c = 0; c < n; c++) row[c] = x.data()[x.row(r) + c];
        double mean = Arrays.stream(row).sum() / n;
        double magnitude = Arrays.stream(row).map(Math::abs).sum() / n;
        double variance = Arrays.stream(row).map(v -> (v - mean) * (v - mean)).sum() / n;
        double meanError = (n + 1) * Numbers.ROUNDING * magnitude;
        double shift = meanError / Math.sqrt(variance + EPSILON);
        double relative = (n + 3) * Numbers.ROUNDING / 2 + shift * shift / 2 + 4 * Numbers.ROUNDING;
        double[] tolerance = new double[n];
        for (int c = 0; c < n; c++) {
            double normed = Math.abs((row[c] - mean) / Math.sqrt(variance + EPSILON));
            tolerance[c] = Math.abs(weight[c]) * (shift + (normed + shift) * relative)
                    + 2 * Numbers.ROUNDING * (Math.abs(bias[c]) + normed * Math.abs(weight[c]))
                    + Float.MIN_VALUE;
        }
        return tolerance;
    }

    private static float[] values(SplittableRandom random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    private static float[] filled(int n, float value) {
        float[] values = new float[n];
        Arrays.fill(values, value);
        return values;
    }
}
