package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Collectors;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Formats in which a sequence's keys and values are stored. Attention always computes with f32 numbers. A position
 * attends to its own stored key and value, so the results are the same whether positions are processed in one pass or
 * one by one.
 */
public enum KvFormat {
    /** f32 numbers without rounding. */
    F32("f32", Float.BYTES, 0) {
        @Override
        void write(float[] x, int from, int n, float scale, MemorySegment to, long at, long step) {
            if (step == Float.BYTES) MemorySegment.copy(x, from, to, FLOAT, at, n);
            else for (int i = 0; i < n; i++) to.set(FLOAT, at + i * step, x[from + i]);
        }

        @Override
        void read(MemorySegment from, long at, long step, float scale, float[] x, int to, int n) {
            for (int i = 0; i < n; i++) x[to + i] = from.get(FLOAT, at + i * step);
        }

        @Override
        void widen(MemorySegment from, long at, int n, MemorySegment to) {
            MemorySegment.copy(from, at, to, 0, 4L * n);
        }
    },

    /**
     * Numbers rounded to IEEE half precision, which has 11 significant bits. Numbers outside its range are rejected.
     */
    F16("f16", Short.BYTES, 0) {
        @Override
        void write(float[] x, int from, int n, float scale, MemorySegment to, long at, long step) {
            for (int i = 0; i < n; i++) to.set(SHORT, at + i * step, half(x[from + i]));
        }

        /**
         * Rounds a number to half precision. Infinity and NaN are rejected because they would be widened to finite
         * numbers.
         */
        private static short half(float x) {
            short half = Float.floatToFloat16(x);
            if ((half & 0x7c00) == 0x7c00) {
                throw new IllegalArgumentException(
                        "keys and values in f16: expected numbers with magnitude at most 65504, found " + x);
            }
            return half;
        }

        @Override
        void read(MemorySegment from, long at, long step, float scale, float[] x, int to, int n) {
            for (int i = 0; i < n; i++) x[to + i] = Float.float16ToFloat(from.get(SHORT, at + i * step));
        }

        @Override
        void widen(MemorySegment from, long at, int n, MemorySegment to) {
            Widening.halves(from, at, n, to);
        }
    },

    /**
     * A byte for each channel and one f32 scale for each head of a position; the scale is the largest magnitude divided
     * by 127. The maximum error is half a step, or 1/254 of the largest magnitude. Attention multiplies the bytes
     * without scaling them first. A key's scale is applied to the key's score, and a value's scale is applied to the
     * value's weight.
     */
    Q8("q8", Byte.BYTES, Float.BYTES) {
        private static final int LARGEST = 127;

        /** Returns the scale, or NaN if a number is infinite or NaN, so that the entire head becomes NaN. */
        @Override
        float scale(float[] x, int from, int n) {
            float largest = 0;
            for (int i = 0; i < n; i++) largest = Math.max(largest, Math.abs(x[from + i]));
            return largest < Float.POSITIVE_INFINITY ? largest / LARGEST : Float.NaN;
        }

        @Override
        void write(float[] x, int from, int n, float scale, MemorySegment to, long at, long step) {
            for (int i = 0; i < n; i++) to.set(ValueLayout.JAVA_BYTE, at + i * step, rounded(x[from + i], scale));
        }

        /** Returns the rounded quotient, which is clamped because it can be too large if the scale is subnormal. */
        private static byte rounded(float x, float scale) {
            return scale == 0 ? 0 : (byte) Math.clamp(Math.rint(x / scale), -LARGEST, LARGEST);
        }

        @Override
        void read(MemorySegment from, long at, long step, float scale, float[] x, int to, int n) {
            for (int i = 0; i < n; i++) x[to + i] = scale * from.get(ValueLayout.JAVA_BYTE, at + i * step);
        }

        @Override
        void widen(MemorySegment from, long at, int n, MemorySegment to) {
            Widening.bytes(from, at, n, to);
        }
    };

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String notation;
    private final int bytesPerChannel;
    private final int bytesPerHead;

    KvFormat(String notation, int bytesPerChannel, int bytesPerHead) {
        this.notation = notation;
        this.bytesPerChannel = bytesPerChannel;
        this.bytesPerHead = bytesPerHead;
    }

    /**
     * Parses the command-line notation.
     *
     * @throws IllegalArgumentException if the format is unknown; the message is one line
     */
    public static KvFormat parse(String text) {
        for (KvFormat format : values()) if (format.notation.equals(text)) return format;
        String known = Arrays.stream(values()).map(KvFormat::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("keys and values: expected one of " + known + ", got " + text);
    }

    /** Returns the number of bytes of one head's key or value at one position. */
    public long bytes(int headWidth) {
        return (long) bytesPerChannel * headWidth + bytesPerHead;
    }

    int bytesPerChannel() {
        return bytesPerChannel;
    }

    /** Returns whether each head of a position has a scale. */
    boolean isScaled() {
        return bytesPerHead > 0;
    }

    /**
     * Returns the scale of a head's {@code n} numbers, which start at {@code from}, or 1 if the format has no scales.
     */
    float scale(float[] x, int from, int n) {
        return 1;
    }

    /**
     * Stores {@code n} numbers of a head.
     *
     * @param scale scale of the head
     * @param at byte offset of the first number in {@code to}; numbers are {@code step} bytes apart
     * @throws IllegalArgumentException if the format cannot represent a number
     */
    abstract void write(float[] x, int from, int n, float scale, MemorySegment to, long at, long step);

    /** Reads {@code n} stored numbers of a head and writes them to {@code x}, starting at {@code to}. */
    abstract void read(MemorySegment from, long at, long step, float scale, float[] x, int to, int n);

    /**
     * Widens contiguous numbers without applying their scales.
     *
     * @param at byte offset in {@code from}
     * @param n number of values, which must be a multiple of {@link Lanes#PANEL}
     * @param to memory that receives the f32 numbers, starting at its beginning
     */
    abstract void widen(MemorySegment from, long at, int n, MemorySegment to);

    /** Returns the format's suffix in {@link Kernels#arithmetic()}. */
    String arithmetic() {
        return this == F32 ? "" : "+kv-" + notation;
    }

    /** Returns the command-line notation. */
    @Override
    public String toString() {
        return notation;
    }

    /** Widens contiguous narrow numbers to f32. The number of values must be a multiple of {@link Lanes#PANEL}. */
    static final class Widening {
        private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
        private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);
        private static final long VECTOR = 4L * Lanes.COUNT;

        /**
         * Vectors with as many bytes as there are f32 lanes, but at least eight bytes, which is the shortest vector.
         */
        private static final VectorSpecies<Byte> BYTES =
                VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, Lanes.F32.vectorBitSize() / 4)));

        private Widening() {}

        /** Widens finite f16 numbers, starting at byte {@code at}. */
        static void halves(MemorySegment from, long at, int n, MemorySegment to) {
            for (long i = 0; i < n; i += Lanes.COUNT) {
                ShortVector halves = ShortVector.fromMemorySegment(Lanes.HALF, from, at + 2 * i, LE);
                Lanes.f16(halves, Lanes.F16_REBIAS).intoMemorySegment(to, 4 * i, LE);
            }
        }

        /** Widens signed bytes, starting at byte {@code at}. */
        static void bytes(MemorySegment from, long at, int n, MemorySegment to) {
            for (long i = 0; i < n; i += BYTES.length()) {
                ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, at + i, LE);
                ((FloatVector) bytes.convertShape(VectorOperators.B2F, Lanes.F32, 0)).intoMemorySegment(to, 4 * i, LE);
                if (BYTES.length() == Lanes.COUNT) continue;
                ((FloatVector) bytes.convertShape(VectorOperators.B2F, Lanes.F32, 1))
                        .intoMemorySegment(to, 4 * i + VECTOR, LE);
            }
        }

        /** Computes x *= factors for {@code n} values, where {@code n} need not be a multiple of the panel size. */
        static void multiply(float[] x, int offset, MemorySegment factors, long at, int n) {
            int whole = Lanes.F32.loopBound(n);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.F32, x, offset + i)
                        .mul(FloatVector.fromMemorySegment(Lanes.F32, factors, at + 4L * i, LE))
                        .intoArray(x, offset + i);
            }
            for (int i = whole; i < n; i++) x[offset + i] *= factors.get(F32, at + 4L * i);
        }
    }
}
