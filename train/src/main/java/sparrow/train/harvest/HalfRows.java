package sparrow.train.harvest;

import java.nio.ByteBuffer;

/**
 * Hidden states in 16 bits: f16 after division by a power of two that brings the row's largest value near the top of
 * f16's range. The residual stream of large models has channels that plain f16 cannot hold; so kept, every value within
 * 2^-29 of the row's largest keeps f16's eleven bits.
 */
final class HalfRows {
    /** The largest value of a row lands between 2^14 and 2^15. */
    private static final int TOP = 14;

    /** Below this exponent a row is as good as zero, and the power of two would leave f32's normal range. */
    private static final int SMALLEST = -100;

    private HalfRows() {}

    /**
     * The power of two that a row is divided by.
     *
     * @throws ArithmeticException if a value is not finite
     */
    static float scale(float[] row) {
        float largest = 0;
        for (float value : row) {
            if (!Float.isFinite(value)) throw new ArithmeticException("hidden state: " + value);
            largest = Math.max(largest, Math.abs(value));
        }
        return Math.scalb(1f, Math.max(SMALLEST, Math.getExponent(largest) - TOP));
    }

    /** Writes a row as f16. */
    static void put(float[] row, float scale, ByteBuffer to) {
        // The quotient by a power of two is exact, and so is the product by its inverse.
        float inverse = 1 / scale;
        for (float value : row) to.putShort(Float.floatToFloat16(value * inverse));
    }

    /** The value of a stored number. */
    static float value(short half, float scale) {
        return Float.float16ToFloat(half) * scale;
    }
}
