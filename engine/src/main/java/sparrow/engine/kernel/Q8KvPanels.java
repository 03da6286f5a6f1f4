package sparrow.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keys and values as bytes, with a scale for each head of a position. Attention multiplies with the bytes: a key's scale
 * goes to the finished score, a value's to the weight that it gets.
 */
final class Q8KvPanels extends NarrowKvPanels {
    private static final ValueLayout.OfFloat F32 = F32KvPanels.F32;
    private static final int LARGEST = 127;

    /** [heads, capacity]. */
    private MemorySegment keyScales = MemorySegment.NULL;

    /** [heads, capacity]. */
    private MemorySegment valueScales = MemorySegment.NULL;

    Q8KvPanels(int heads, int headWidth, int lanes) {
        super(heads, headWidth, lanes, KvFormat.Q8);
    }

    @Override
    public long bytes() {
        return super.bytes() + keyScales.byteSize() + valueScales.byteSize();
    }

    @Override
    void writeKey(int head, int position, float[] key, int from) {
        float scale = scale(key, from);
        keyScales.set(F32, scaleAt(head, position), scale);
        long at = keyAt(head, position, 0);
        for (int c = 0; c < headWidth(); c++) {
            keys().set(ValueLayout.JAVA_BYTE, at + (long) c * lanes(), rounded(key[from + c], scale));
        }
    }

    @Override
    void writeValue(int head, int position, float[] value, int from) {
        float scale = scale(value, from);
        valueScales.set(F32, scaleAt(head, position), scale);
        for (int c = 0; c < headWidth(); c++) {
            values().set(ValueLayout.JAVA_BYTE, valueAt(head, position, c), rounded(value[from + c], scale));
        }
    }

    /** NaN if a number is infinite or NaN: then the whole head is. */
    private float scale(float[] x, int from) {
        float largest = 0;
        for (int c = 0; c < headWidth(); c++) largest = Math.max(largest, Math.abs(x[from + c]));
        return largest < Float.POSITIVE_INFINITY ? largest / LARGEST : Float.NaN;
    }

    /** A scale that is hardly a number any more may be too small by far. */
    private static byte rounded(float x, float scale) {
        return scale == 0 ? 0 : (byte) Math.clamp(Math.rint(x / scale), -LARGEST, LARGEST);
    }

    @Override
    void readKey(int head, int position, float[] key, int at) {
        float scale = keyScales.get(F32, scaleAt(head, position));
        long from = keyAt(head, position, 0);
        for (int c = 0; c < headWidth(); c++) {
            key[at + c] = scale * keys().get(ValueLayout.JAVA_BYTE, from + (long) c * lanes());
        }
    }

    @Override
    void readValue(int head, int position, float[] value, int at) {
        float scale = valueScales.get(F32, scaleAt(head, position));
        for (int c = 0; c < headWidth(); c++) {
            value[at + c] = scale * values().get(ValueLayout.JAVA_BYTE, valueAt(head, position, c));
        }
    }

    @Override
    void moveValue(int head, int position, int to) {
        super.moveValue(head, position, to);
        valueScales.set(F32, scaleAt(head, to), valueScales.get(F32, scaleAt(head, position)));
    }

    private long scaleAt(int head, int position) {
        return 4 * ((long) head * capacity() + position);
    }

    @Override
    void widen(MemorySegment from, long at, int n, MemorySegment to) {
        Widening.bytes(from, at, n, to);
    }

    @Override
    void scaleByKeys(int head, float[] scores, int offset, int positions) {
        Widening.multiply(scores, offset, keyScales, scaleAt(head, 0), positions);
    }

    @Override
    void scaleByValues(int head, float[] weights, int offset, int positions) {
        Widening.multiply(weights, offset, valueScales, scaleAt(head, 0), positions);
    }

    @Override
    void takeMemory(KvPanels other) {
        super.takeMemory(other);
        keyScales = ((Q8KvPanels) other).keyScales;
        valueScales = ((Q8KvPanels) other).valueScales;
    }

    @Override
    void allocate(Arena arena) {
        super.allocate(arena);
        keyScales = arena.allocate(4L * heads() * capacity(), 64);
        valueScales = arena.allocate(4L * heads() * capacity(), 64);
    }

    @Override
    void copyTo(KvPanels to) {
        super.copyTo(to);
        Q8KvPanels other = (Q8KvPanels) to;
        for (int head = 0; head < heads(); head++) {
            long bytes = 4L * length();
            MemorySegment.copy(keyScales, scaleAt(head, 0), other.keyScales, other.scaleAt(head, 0), bytes);
            MemorySegment.copy(valueScales, scaleAt(head, 0), other.valueScales, other.scaleAt(head, 0), bytes);
        }
    }
}
