package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Rounds f32 numbers to bf16, the upper half of an f32, to nearest with ties away from zero. */
final class BrainFloats {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
    private static final long VECTOR = 4L * Lanes.COUNT;

    /** Number of bytes from one column of a panel to the next. */
    private static final long COLUMN = 4L * Lanes.PANEL;

    /** Number of bytes from one pair of columns to the next. */
    static final long PAIR = 4L * MatrixProvider.OUTPUT_GROUP;

    /** Number that is added to the bits of an f32 to round its upper half. */
    static final int HALF = 0x8000;

    /** Mask of the upper half of a word. */
    static final int UPPER = 0xffff0000;

    private static final int INFINITY = 0x7f800000;
    private static final int NAN = 0x7fc00000;

    private BrainFloats() {}

    /**
     * Rounds {@code n} contiguous values and appends zeros.
     *
     * @param at byte offset in {@code to} of the {@code n + zeros} numbers
     */
    static void row(float[] x, int offset, int n, int zeros, MemorySegment to, long at) {
        int c = 0;
        for (; c < Lanes.F32.loopBound(n); c += Lanes.COUNT) {
            IntVector bits = FloatVector.fromArray(Lanes.F32, x, offset + c).reinterpretAsInts();
            IntVector rounded =
                    bits.add(HALF).blend(NAN, bits.and(Integer.MAX_VALUE).compare(VectorOperators.GT, INFINITY));
            ((ShortVector) rounded.lanewise(VectorOperators.LSHR, 16).convertShape(VectorOperators.I2S, Lanes.HALF, 0))
                    .intoMemorySegment(to, at + 2L * c, LE);
        }
        for (; c < n; c++) to.set(BF16, at + 2L * c, round(x[offset + c]));
        for (; c < n + zeros; c++) to.set(BF16, at + 2L * c, (short) 0);
    }

    /** Returns the bits of a number rounded to bf16. */
    static short round(float x) {
        int bits = Float.isNaN(x) ? NAN : Float.floatToRawIntBits(x) + HALF;
        return (short) (bits >>> 16);
    }

    /**
     * Rounds columns of a panel of finite weights and writes them in the layout {@link MatrixProvider.Layout#PAIRS}.
     *
     * @param at byte offset of the columns in the panel
     * @param columns number of columns; if it is odd, the last column is paired with zeros
     * @param start byte offset of the panel's rows in the first pair of columns in {@code to}
     */
    static void pairs(MemorySegment panel, long at, int columns, MemorySegment to, long start) {
        int c = 0;
        for (; c + 1 < columns; c += 2, at += 2 * COLUMN, start += PAIR) {
            IntVector word = pair(load(panel, at), load(panel, at + COLUMN));
            word.intoMemorySegment(to, start, LE);
            word = pair(load(panel, at + VECTOR), load(panel, at + COLUMN + VECTOR));
            word.intoMemorySegment(to, start + VECTOR, LE);
        }
        if (c < columns) {
            IntVector zero = IntVector.zero(Lanes.I32);
            pair(load(panel, at), zero).intoMemorySegment(to, start, LE);
            pair(load(panel, at + VECTOR), zero).intoMemorySegment(to, start + VECTOR, LE);
        }
    }

    private static IntVector load(MemorySegment panel, long at) {
        return IntVector.fromMemorySegment(Lanes.I32, panel, at, LE);
    }

    private static IntVector pair(IntVector first, IntVector second) {
        return first.add(HALF)
                .lanewise(VectorOperators.LSHR, 16)
                .or(second.add(HALF).and(UPPER));
    }
}
