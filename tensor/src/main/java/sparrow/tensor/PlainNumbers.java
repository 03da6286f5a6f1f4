package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Formats whose elements do not share a scale. 16-bit numbers go through an array, piece by piece: until the JIT has
 * compiled a loop, it accesses an array many times faster than a memory segment.
 */
final class PlainNumbers {
    /** Number of elements in a piece, which fits in the first-level cache. */
    private static final int PIECE = 4096;

    private PlainNumbers() {}

    /** IEEE single precision. */
    static final class F32 extends NumberFormat {
        private static final ValueLayout.OfFloat FLOAT =
                ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        F32() {
            super(1, Float.BYTES, Float.MAX_VALUE, 0);
        }

        @Override
        void read(MemorySegment from, float[] to, int offset, int n) {
            MemorySegment.copy(from, FLOAT, 0, to, offset, n);
        }

        @Override
        void store(float[] x, MemorySegment to) {
            MemorySegment.copy(x, 0, to, FLOAT, 0, x.length);
        }
    }

    /** IEEE half precision. */
    static final class F16 extends NumberFormat {
        F16() {
            super(1, Short.BYTES, LARGEST_F16, 1);
        }

        @Override
        void read(MemorySegment from, float[] to, int offset, int n) {
            short[] piece = new short[Math.min(n, PIECE)];
            for (int done = 0; done < n; done += piece.length) {
                int size = Math.min(piece.length, n - done);
                MemorySegment.copy(from, I16, 2L * done, piece, 0, size);
                for (int i = 0; i < size; i++) to[offset + done + i] = Float.float16ToFloat(piece[i]);
            }
        }

        @Override
        void store(float[] x, MemorySegment to) {
            short[] piece = new short[Math.min(x.length, PIECE)];
            for (int done = 0; done < x.length; done += piece.length) {
                int size = Math.min(piece.length, x.length - done);
                for (int i = 0; i < size; i++) piece[i] = Float.floatToFloat16(x[done + i]);
                MemorySegment.copy(piece, 0, to, I16, 2L * done, size);
            }
        }
    }

    /** bfloat16, which is the upper half of single precision. */
    static final class Bf16 extends NumberFormat {
        Bf16() {
            super(1, Short.BYTES, Float.MAX_VALUE, 32);
        }

        @Override
        void read(MemorySegment from, float[] to, int offset, int n) {
            short[] piece = new short[Math.min(n, PIECE)];
            for (int done = 0; done < n; done += piece.length) {
                int size = Math.min(piece.length, n - done);
                MemorySegment.copy(from, I16, 2L * done, piece, 0, size);
                for (int i = 0; i < size; i++) to[offset + done + i] = Float.intBitsToFloat(piece[i] << 16);
            }
        }

        @Override
        void store(float[] x, MemorySegment to) {
            short[] piece = new short[Math.min(x.length, PIECE)];
            for (int done = 0; done < x.length; done += piece.length) {
                int size = Math.min(piece.length, x.length - done);
                for (int i = 0; i < size; i++) piece[i] = bf16(x[done + i]);
                MemorySegment.copy(piece, 0, to, I16, 2L * done, size);
            }
        }

        /** Rounds to nearest with ties to even. NaN remains NaN. */
        private static short bf16(float x) {
            int bits = Float.floatToRawIntBits(x);
            if (Float.isNaN(x)) return (short) (bits >>> 16 | 0x40);
            return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
        }
    }
}
