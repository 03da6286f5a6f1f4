package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The format in which the keys and values of a sequence are kept. Attention computes in f32 in every case; a position sees
 * its own key and value as they are kept, so that a list of positions gives the same in one pass and one by one.
 */
public enum KvFormat {
    /** As they were computed. */
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

    /** Rounded to IEEE half precision: 11 bits that count. Numbers beyond its range are refused. */
    F16("f16", Short.BYTES, 0) {
        @Override
        void write(float[] x, int from, int n, float scale, MemorySegment to, long at, long step) {
            for (int i = 0; i < n; i++) to.set(SHORT, at + i * step, half(x[from + i]));
        }

        /** Neither infinity nor NaN: those would be widened to numbers. */
        private static short half(float x) {
            short half = Float.floatToFloat16(x);
            if ((half & 0x7c00) == 0x7c00) {
                throw new IllegalArgumentException(
                        "keys and values in f16: expected numbers of at most 65504 in size, found " + x);
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
     * A byte for each channel, times one f32 for each head of a position: its largest magnitude divided by 127. The loss is
     * half a step, 1/254 of the largest magnitude, at most. Attention multiplies with the bytes: a key's scale goes to the
     * finished score, a value's to the weight that it gets.
     */
    Q8("q8", Byte.BYTES, Float.BYTES) {
        private static final int LARGEST = 127;

        /** NaN if a number is infinite or NaN: then the whole head is. */
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

        /** A scale that is hardly a number any more may be too small by far. */
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
     * Reads the notation of the command line.
     *
     * @throws IllegalArgumentException in one line
     */
    public static KvFormat parse(String text) {
        for (KvFormat format : values()) if (format.notation.equals(text)) return format;
        String known = Arrays.stream(values()).map(KvFormat::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("keys and values: expected one of " + known + ", got " + text);
    }

    /** Bytes of one head's key, or value, at one position. */
    public long bytes(int headWidth) {
        return (long) bytesPerChannel * headWidth + bytesPerHead;
    }

    int bytesPerChannel() {
        return bytesPerChannel;
    }

    /** True if a head of a position has a scale of its own. */
    boolean isScaled() {
        return bytesPerHead > 0;
    }

    /** The scale of a head's numbers, n from {@code from} on; 1 where the format has none. */
    float scale(float[] x, int from, int n) {
        return 1;
    }

    /**
     * Keeps n numbers of a head.
     *
     * @param scale of the head
     * @param at byte of the first one in {@code to}; the next one is {@code step} bytes on
     * @throws IllegalArgumentException if the format cannot keep a number
     */
    abstract void write(float[] x, int from, int n, float scale, MemorySegment to, long at, long step);

    /** The n numbers of a head as they are kept, to {@code x} from {@code to} on. */
    abstract void read(MemorySegment from, long at, long step, float scale, float[] x, int to, int n);

    /**
     * Widens numbers that lie one after the other, without their scales.
     *
     * @param at first byte in {@code from}
     * @param n a multiple of {@link Lanes#PANEL}
     * @param to f32, from its beginning on
     */
    abstract void widen(MemorySegment from, long at, int n, MemorySegment to);

    /** The ending that {@link Kernels#arithmetic()} has for it. */
    String arithmetic() {
        return this == F32 ? "" : "+kv-" + notation;
    }

    /** The notation of the command line. */
    @Override
    public String toString() {
        return notation;
    }
}
