package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** ggml's block formats, in which 32 numbers share an f16 scale. */
final class BlockNumbers {
    private static final int BLOCK = 32;

    private BlockNumbers() {}

    /** ggml's q8_0: an f16 scale d, followed by 32 signed bytes q. Element i is d * q[i]. */
    static final class Q8 extends NumberFormat {
        private static final int BYTES = 34;

        Q8() {
            super(BLOCK, BYTES, LARGEST_F16 * 127, 7, 0);
        }

        @Override
        void read(MemorySegment from, float[] to, int offset, int n) {
            for (int i = 0; i < n; i += BLOCK) {
                long at = (long) i / BLOCK * BYTES;
                float scale = Float.float16ToFloat(from.get(I16, at));
                for (int j = 0; j < BLOCK; j++)
                    to[offset + i + j] = from.get(ValueLayout.JAVA_BYTE, at + 2 + j) * scale;
            }
        }

        @Override
        void store(float[] x, MemorySegment to) {
            for (int i = 0; i < x.length; i += BLOCK) store(x, i, to, (long) i / BLOCK * BYTES);
        }

        /** Quantises a block. The largest magnitude becomes 127. Quotients use the scale before it is rounded to f16. */
        private static void store(float[] x, int from, MemorySegment to, long at) {
            float largest = 0;
            for (int j = 0; j < BLOCK; j++) largest = Math.max(largest, Math.abs(x[from + j]));
            float scale = largest / 127;
            float inverse = inverse(scale);
            to.set(I16, at, Float.floatToFloat16(scale));
            for (int j = 0; j < BLOCK; j++) {
                to.set(ValueLayout.JAVA_BYTE, at + 2 + j, (byte) roundHalfAway(x[from + j] * inverse));
            }
        }

        /**
         * Rounds like C's roundf, to nearest with ties away from zero. The sum is exact in f64, so nothing is rounded
         * twice.
         */
        private static int roundHalfAway(float x) {
            return (int) (x + Math.copySign(0.5, (double) x));
        }
    }

    /**
     * ggml's q4_0: an f16 scale d, followed by 16 bytes. The bytes' low nibbles n represent elements 0 to 15, and their
     * high nibbles represent elements 16 to 31; each element is d * (n - 8).
     */
    static final class Q4 extends NumberFormat {
        private static final int HALF = BLOCK / 2;
        private static final int BYTES = 18;

        Q4() {
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
         * Quantises a block. The number with the largest magnitude, or the first of several such numbers, becomes -8,
         * so one end of the range is exact.
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
}
