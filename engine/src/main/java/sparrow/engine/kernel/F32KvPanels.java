package sparrow.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Keys and values as they were computed. */
final class F32KvPanels extends KvPanels {
    static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    F32KvPanels(int heads, int headWidth, int lanes) {
        super(heads, headWidth, lanes, KvFormat.F32);
    }

    @Override
    void writeKey(int head, int position, float[] key, int from) {
        long at = keyAt(head, position, 0);
        long column = 4L * lanes();
        for (int c = 0; c < headWidth(); c++) keys().set(F32, at + c * column, key[from + c]);
    }

    @Override
    void writeValue(int head, int position, float[] value, int from) {
        for (int c = 0; c < headWidth(); c += lanes()) {
            int inside = Math.min(lanes(), headWidth() - c);
            MemorySegment.copy(value, from + c, values(), F32, valueAt(head, position, c), inside);
        }
    }

    @Override
    void readKey(int head, int position, float[] key, int at) {
        long from = keyAt(head, position, 0);
        long column = 4L * lanes();
        for (int c = 0; c < headWidth(); c++) key[at + c] = keys().get(F32, from + c * column);
    }

    @Override
    void readValue(int head, int position, float[] value, int at) {
        for (int c = 0; c < headWidth(); c += lanes()) {
            int inside = Math.min(lanes(), headWidth() - c);
            MemorySegment.copy(values(), F32, valueAt(head, position, c), value, at + c, inside);
        }
    }
}
