package sparrow.onednn;

import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;

/** Test values, and the bound that {@link sparrow.tensor.kernel.MatrixProvider} states. */
final class Numerics {
    private Numerics() {}

    /** Kinds of values; products of the last kind are as large as f32 holds. */
    enum Kind {
        PLAIN,
        WIDE,
        SUBNORMAL,
        ZEROS,
        HUGE
    }

    static float value(SplittableRandom random, Kind kind) {
        double normal = random.nextGaussian();
        return (float)
                switch (kind) {
                    case PLAIN -> normal;
                    case WIDE -> normal * Math.pow(10, random.nextInt(-12, 13));
                    // Numbers, and products of them with others, on both sides of the smallest normal one.
                    case SUBNORMAL -> normal * Math.scalb(1.0, random.nextInt(-140, -50));
                    case ZEROS -> random.nextInt(3) == 0 ? normal : random.nextBoolean() ? 0.0 : -0.0;
                    case HUGE -> random.nextDouble(-1, 1) * 0x1p57;
                };
    }

    static float[] values(SplittableRandom random, Kind kind, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = value(random, kind);
        return values;
    }

    /**
     * Expects a result of inputs in f32 within the bound.
     *
     * @param x row from {@code xFrom} on
     * @param w n numbers from {@code wFrom} on
     */
    static void expect(float actual, float bias, float[] x, int xFrom, float[] w, int wFrom, int n, String what) {
        double exact = bias;
        double magnitudes = Math.abs(bias);
        double tiny = 0;
        for (int c = 0; c < n; c++) {
            double product = (double) x[xFrom + c] * w[wFrom + c];
            exact += product;
            magnitudes += Math.abs(product);
            tiny += Math.abs(x[xFrom + c]) + Math.abs(w[wFrom + c]) + 2;
        }
        double bound = (0x1p-7 + 0x1p-16 + (n + 1) * 0x1p-23) * magnitudes + 0x1p-126 * tiny;
        if (!(Math.abs(actual - exact) <= bound)) {
            fail("%s: %s instead of %s, bound %s", what, actual, exact, bound);
        }
    }
}
