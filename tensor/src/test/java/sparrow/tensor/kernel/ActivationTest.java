package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pointwise functions of the vector kernels against the reference, which computes them in f64. */
@Tag("lanes")
class ActivationTest {
    private static final ComputePool POOL = new ComputePool(1);
    private static final Kernels REFERENCE = new ScalarKernels(POOL);
    private static final Kernels VECTOR = new VectorKernels(POOL);
    private static final Kernels TWO_THREADS = new VectorKernels(new ComputePool(2));

    @AfterAll
    static void close() {
        TWO_THREADS.pool().close();
    }

    /** Two units in the last place: what a vector exponential or sine may be off, relative. */
    private static final double LIBRARY = 4 * Numbers.ROUNDING;

    static Stream<Arguments> lengths() {
        return Stream.of(Activation.values())
                .flatMap(activation -> Widths.lengths().stream().map(n -> Arguments.of(activation, n)));
    }

    static LongStream seeds() {
        return Widths.seeds();
    }

    @ParameterizedTest(name = "{0}, {1} values")
    @MethodSource("lengths")
    void agreesWithTheReferenceForEveryLength(Activation activation, int n) {
        check(activation, Framed.block(new SplittableRandom(n), Numbers.PLAIN, 1, n, 0));
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithTheReferenceFromTheTinyToTheHuge(Activation activation) {
        // Both signs of every power of two, each at the start of a vector and in a tail.
        float[] magnitudes = new float[2 * 277];
        for (int power = -149; power <= 127; power++) {
            magnitudes[2 * (power + 149)] = Math.scalb(1f, power);
            magnitudes[2 * (power + 149) + 1] = -Math.scalb(1f, power);
        }
        check(activation, Block.of(magnitudes, 1, magnitudes.length));
        for (float x : magnitudes) check(activation, Block.of(new float[] {x}, 1, 1));
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithTheReferenceAlongTheLine(Activation activation) {
        int steps = Widths.slow() ? 500 : 20_000;
        float[] line = new float[steps];
        for (int i = 0; i < steps; i++) line[i] = -110 + 220f * i / steps;

        check(activation, Block.of(line, 1, steps));
    }

    @ParameterizedTest
    @EnumSource
    void zeroOfEitherSignGivesZero(Activation activation) {
        float[] x = new float[Lanes.COUNT + 1];
        for (int i = 0; i < x.length; i += 2) x[i] = -0f;

        VECTOR.apply(activation, x, 0, x.length);

        for (float value : x) assertThat(value).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void gateTimesUpAgreesWithTheReference(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = random.nextInt(Widths.slow() ? 60 : 600);
        Block gate = Framed.block(random, Numbers.PLAIN, 1, n, 0);
        for (int i = 0; i < n; i++) gate.data()[gate.offset() + i] *= 20;
        Block up = Framed.block(random, Numbers.PLAIN, 1, n, 0);
        Block before = Framed.copy(up);
        Block actual = Framed.copy(gate);
        Block expected = Framed.copy(gate);

        VECTOR.siluMultiply(actual.data(), actual.offset(), up.data(), up.offset(), n);

        REFERENCE.siluMultiply(expected.data(), expected.offset(), up.data(), up.offset(), n);
        Framed.assertClose(
                actual,
                expected,
                (r, i) -> {
                    double factor = Math.abs(up.data()[up.offset() + i]);
                    double silu = Activation.SILU.apply(gate.data()[gate.offset() + i]);
                    return factor
                                    * (tolerance(Activation.SILU, gate.data()[gate.offset() + i], silu)
                                            + 2 * Numbers.ROUNDING * Math.abs(silu))
                            + Float.MIN_VALUE;
                },
                n + " values");
        Framed.assertFrameUntouched(actual);
        Framed.assertSame(up, before);
    }

    @ParameterizedTest(name = "{0} columns")
    @MethodSource("columns")
    void snakeAgreesWithTheReferenceForEveryNumberOfColumns(int columns) {
        SplittableRandom random = new SplittableRandom(columns);
        for (Kernels kernels : List.of(VECTOR, TWO_THREADS)) {
            Block x = Framed.block(random, Numbers.PLAIN, 7, columns, random.nextInt(3));
            for (int r = 0; r < 7; r++) {
                for (int c = 0; c < columns; c++) x.data()[x.row(r) + c] *= 30;
            }
            float[] alpha = new float[columns];
            for (int c = 0; c < columns; c++) alpha[c] = (float) Math.pow(10, random.nextDouble(-3, 1));
            if (columns > 2) alpha[1] = 0;
            Block actual = Framed.copy(x);
            Block expected = Framed.copy(x);

            kernels.snake(actual, alpha);

            REFERENCE.snake(expected, alpha);
            Framed.assertClose(actual, expected, (r, c) -> snakeTolerance(x.data()[x.row(r) + c], alpha[c]), "snake");
            Framed.assertFrameUntouched(actual);
        }
    }

    static IntStream columns() {
        return Widths.lengths().stream().mapToInt(n -> n);
    }

    /** The sine is off by 2 units of at most 1; its square, the quotient and the sum add four roundings. */
    private static double snakeTolerance(float x, float alpha) {
        double sine = Math.sin((double) (alpha * x));
        double squared = sine * sine / (alpha + 1e-9);
        return 2 * LIBRARY * Math.abs(sine) / (alpha + 1e-9)
                + 4 * Numbers.ROUNDING * (squared + Math.abs(x))
                + Float.MIN_VALUE;
    }

    private static void check(Activation activation, Block x) {
        Block actual = Framed.copy(x);
        Block expected = Framed.copy(x);

        VECTOR.apply(activation, actual.data(), actual.offset(), x.columns());

        REFERENCE.apply(activation, expected.data(), expected.offset(), x.columns());
        Framed.assertClose(
                actual,
                expected,
                (r, i) -> tolerance(activation, x.data()[x.offset() + i], expected.data()[expected.offset() + i]),
                activation.toString());
        if (x.offset() > 0) Framed.assertFrameUntouched(actual);
    }

    private static double tolerance(Activation activation, double x, double expected) {
        return switch (activation) {
            // One exponential, one sum, one quotient. If e^-x exceeds f32, the value is below 89 e^-88 and becomes 0.
            case SILU -> (LIBRARY + 4 * Numbers.ROUNDING) * Math.abs(expected) + 3 * Float.MIN_NORMAL * 89;
            // The formula's erf is off by 1.5e-7; its five terms of at most 1.5 are rounded twice each, and so are the
            // argument and the exponential. All of it is halved and multiplied with x.
            case GELU -> Math.abs(x) / 2 * (1.5e-7 + 12 * Numbers.ROUNDING) + Float.MIN_NORMAL;
            // The exponent of e^-2u is rounded six times, which the exponential turns into as many relative errors
            // times 2u.
            // Below about -10 it exceeds f32, and the value, at most 10 e^-88 then, becomes 0.
            case GELU_TANH -> {
                double exponent = 2 * Math.sqrt(2 / Math.PI) * Math.abs(x + 0.044715 * x * x * x);
                double relative = LIBRARY + (4 + 6 * Math.min(exponent, 110)) * Numbers.ROUNDING;
                yield relative * Math.abs(expected) + 3 * Float.MIN_NORMAL * 10;
            }
            // One exponential, squared; five roundings. Below f32's normal range it may be lost, 120 at most times
            // that.
            case MISH -> (2 * LIBRARY + 6 * Numbers.ROUNDING) * Math.abs(expected) + 120 * Float.MIN_NORMAL;
            // e^x - 1 cancels near 0: the error of e^x stays, absolute.
            case ELU -> x > 0 ? Double.MIN_VALUE : LIBRARY + 2 * Numbers.ROUNDING;
            // A choice, no arithmetic.
            case RELU -> Double.MIN_VALUE;
            // The slope and the product are rounded.
            case LEAKY_RELU_0_1, LEAKY_RELU_0_01 -> 2 * Numbers.ROUNDING * Math.abs(expected) + Float.MIN_VALUE;
        };
    }
}
