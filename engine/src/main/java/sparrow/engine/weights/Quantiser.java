package sparrow.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import sparrow.engine.tensor.DType;

/**
 * Writes f32 numbers in a stored type, rounded as ggml's reference quantisers round, so that a file written here has
 * the bytes that llama.cpp's own conversion would give it.
 */
public final class Quantiser {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Quantiser() {}

    /**
     * Stores numbers one after the other.
     *
     * @param x finite numbers; a multiple of {@code dtype.blockElements()} of them
     * @param dtype F32, F16, BF16, Q8_0 or Q4_0
     * @param to {@code dtype.bytes(x.length)} bytes or more
     */
    public static void store(float[] x, DType dtype, MemorySegment to) {
        dtype.bytes(x.length); // refuses an incomplete block
        switch (dtype) {
            case F32 -> MemorySegment.copy(x, 0, to, F32, 0, x.length);
            case F16 -> {
                for (int i = 0; i < x.length; i++) to.set(I16, 2L * i, Float.floatToFloat16(x[i]));
            }
            case BF16 -> {
                for (int i = 0; i < x.length; i++) to.set(I16, 2L * i, bf16(x[i]));
            }
            case Q8_0 -> {
                for (int i = 0; i < x.length; i += 32) q8(x, i, to, (long) i / 32 * dtype.blockBytes());
            }
            case Q4_0 -> {
                for (int i = 0; i < x.length; i += 32) q4(x, i, to, (long) i / 32 * dtype.blockBytes());
            }
            case F64, I32, I64 -> throw new IllegalArgumentException("weights are not stored as " + dtype);
        }
    }

    /** To the nearest, ties to even; a NaN stays one. */
    private static short bf16(float x) {
        int bits = Float.floatToRawIntBits(x);
        if (Float.isNaN(x)) return (short) (bits >>> 16 | 0x40);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** The largest magnitude becomes 127. The quotients use the scale before it is rounded to f16. */
    private static void q8(float[] x, int from, MemorySegment to, long at) {
        float largest = 0;
        for (int j = 0; j < 32; j++) largest = Math.max(largest, Math.abs(x[from + j]));
        float scale = largest / 127;
        float inverse = inverse(scale);
        to.set(I16, at, Float.floatToFloat16(scale));
        for (int j = 0; j < 32; j++) {
            to.set(ValueLayout.JAVA_BYTE, at + 2 + j, (byte) roundHalfAway(x[from + j] * inverse));
        }
    }

    /** 0 where the quotient overflows: such a scale is 0 as f16, and so is every number of its block. */
    private static float inverse(float scale) {
        float inverse = 1 / scale;
        return Float.isInfinite(inverse) ? 0 : inverse;
    }

    /** C's roundf: to the nearest, ties away from zero. In f64 the sum is exact, so nothing is rounded twice. */
    private static int roundHalfAway(float x) {
        return (int) (x + Math.copySign(0.5, (double) x));
    }

    /** The number of largest magnitude becomes -8, the first of them on ties, so that one end of the range is exact. */
    private static void q4(float[] x, int from, MemorySegment to, long at) {
        float signed = 0;
        for (int j = 0; j < 32; j++) {
            if (Math.abs(x[from + j]) > Math.abs(signed)) signed = x[from + j];
        }
        float scale = signed / -8;
        float inverse = inverse(scale);
        to.set(I16, at, Float.floatToFloat16(scale));
        for (int j = 0; j < 16; j++) {
            int low = nibble(x[from + j] * inverse);
            int high = nibble(x[from + 16 + j] * inverse);
            to.set(ValueLayout.JAVA_BYTE, at + 2 + j, (byte) (low | high << 4));
        }
    }

    private static int nibble(float quotient) {
        return Math.min(15, (int) (quotient + 8.5f));
    }
}
