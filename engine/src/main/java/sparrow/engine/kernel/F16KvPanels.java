package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Keys and values rounded to half precision. */
final class F16KvPanels extends NarrowKvPanels {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    F16KvPanels(int heads, int headWidth, int lanes) {
        super(heads, headWidth, lanes, KvFormat.F16);
    }

    @Override
    void writeKey(int head, int position, float[] key, int from) {
        long at = keyAt(head, position, 0);
        long column = 2L * lanes();
        for (int c = 0; c < headWidth(); c++) keys().set(I16, at + c * column, rounded(key[from + c]));
    }

    @Override
    void writeValue(int head, int position, float[] value, int from) {
        for (int c = 0; c < headWidth(); c++) {
            values().set(I16, valueAt(head, position, c), rounded(value[from + c]));
        }
    }

    /** Neither infinity nor NaN: those would be widened to numbers. */
    private static short rounded(float x) {
        short half = Float.floatToFloat16(x);
        if ((half & 0x7c00) == 0x7c00) {
            throw new IllegalArgumentException(
                    "keys and values in f16: expected numbers of at most 65504 in size, found " + x);
        }
        return half;
    }

    @Override
    void readKey(int head, int position, float[] key, int at) {
        long from = keyAt(head, position, 0);
        long column = 2L * lanes();
        for (int c = 0; c < headWidth(); c++) {
            key[at + c] = Float.float16ToFloat(keys().get(I16, from + c * column));
        }
    }

    @Override
    void readValue(int head, int position, float[] value, int at) {
        for (int c = 0; c < headWidth(); c++) {
            value[at + c] = Float.float16ToFloat(values().get(I16, valueAt(head, position, c)));
        }
    }

    @Override
    void widen(MemorySegment from, long at, int n, MemorySegment to) {
        Widening.halves(from, at, n, to);
    }
}
