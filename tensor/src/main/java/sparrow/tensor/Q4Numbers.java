package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * ggml's q4_0: an f16 scale d, then 16 bytes. Their low nibbles n are elements 0 to 15, their high nibbles 16 to 31,
 * each d * (n - 8).
 */
final class Q4Numbers extends NumberFormat {
    private static final int BLOCK = 32;
    private static final int HALF = BLOCK / 2;
    private static final int BYTES = 18;

    Q4Numbers() {
        super(BLOCK, BYTES, LARGEST_F16 * 8, 2, 0);
    }

    @Override
    void read(MemorySegment from, float[] to, int offset, int n) {
        for (int i = 0; i < n; i += BLOCK) {
            long at = (long) i / BLOCK * BYTES;
            float scale = Float.float16ToFloat(from.get(I16, at));
            for (int j = 0; j < HALF; j++) {
                int nibbles = from.get(ValueLayout.JAVA_BYTE, at + 2 + j);
                to[offset + i + j] = ((nibbles & 15) - 8) * scale;
                to[offset + i + HALF + j] = ((nibbles >> 4 & 15) - 8) * scale;
            }
        }
    }

    @Override
    void store(float[] x, MemorySegment to) {
        for (int i = 0; i < x.length; i += BLOCK) store(x, i, to, (long) i / BLOCK * BYTES);
    }

    /**
     * Quantises a block. The number of largest magnitude, the first on ties, becomes -8, so one end of the range is
     * exact.
     */
    private static void store(float[] x, int from, MemorySegment to, long at) {
        float signed = 0;
        for (int j = 0; j < BLOCK; j++) {
            if (Math.abs(x[from + j]) > Math.abs(signed)) signed = x[from + j];
        }
        float scale = signed / -8;
        float inverse = inverse(scale);
        to.set(I16, at, Float.floatToFloat16(scale));
        for (int j = 0; j < HALF; j++) {
            int low = nibble(x[from + j] * inverse);
            int high = nibble(x[from + HALF + j] * inverse);
            to.set(ValueLayout.JAVA_BYTE, at + 2 + j, (byte) (low | high << 4));
        }
    }

    private static int nibble(float quotient) {
        return Math.min(15, (int) (quotient + 8.5f));
    }
}
