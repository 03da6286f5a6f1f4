package sparrow.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Formats whose elements do not share a scale. */
final class PlainNumbers {
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
            for (int i = 0; i < n; i++) to[offset + i] = Float.float16ToFloat(from.get(I16, 2L * i));
        }

        @Override
        void store(float[] x, MemorySegment to) {
            for (int i = 0; i < x.length; i++) to.set(I16, 2L * i, Float.floatToFloat16(x[i]));
        }
    }

    /** bfloat16, which is the upper half of single precision. */
    static final class Bf16 extends NumberFormat {
        Bf16() {
            super(1, Short.BYTES, Float.MAX_VALUE, 32);
        }

        @Override
        void read(MemorySegment from, float[] to, int offset, int n) {
            for (int i = 0; i < n; i++) to[offset + i] = Float.intBitsToFloat(from.get(I16, 2L * i) << 16);
        }

        @Override
        void store(float[] x, MemorySegment to) {
            for (int i = 0; i < x.length; i++) to.set(I16, 2L * i, bf16(x[i]));
        }

        /** Rounds to nearest with ties to even. NaN remains NaN. */
        private static short bf16(float x) {
            int bits = Float.floatToRawIntBits(x);
            if (Float.isNaN(x)) return (short) (bits >>> 16 | 0x40);
            return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
        }
    }
}
