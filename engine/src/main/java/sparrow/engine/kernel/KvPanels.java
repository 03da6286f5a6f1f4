package sparrow.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Keys and values of one layer of one sequence, off-heap, in the layout that {@link Kernels#attend} multiplies with, so
 * that a step packs nothing: keys as panels of positions, values as panels of channels. Made by
 * {@link Kernels#keyValues} and good for those kernels. It grows by doubling, later by {@link #MOST_SPARE}; one thread
 * appends while none reads.
 *
 * <p>The garbage collector frees the memory: a sequence is dropped, not closed, and the JVM bounds such memory as it
 * bounds its heap.
 */
public final class KvPanels {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Positions of the first memory: a multiple of every panel. */
    private static final int FIRST_CAPACITY = 64;

    /** Positions that it grows by at most: of many long sequences, little memory lies idle. */
    public static final int MOST_SPARE = 256;

    private final int heads;
    private final int headWidth;
    private final int lanes;
    private MemorySegment keys = MemorySegment.NULL;
    private MemorySegment values = MemorySegment.NULL;
    private int capacity;
    private int length;

    /**
     * @param lanes positions, or channels, per panel: 1, or a power of two up to {@link #FIRST_CAPACITY}
     */
    KvPanels(int heads, int headWidth, int lanes) {
        this.heads = heads;
        this.headWidth = headWidth;
        this.lanes = lanes;
    }

    /** Positions held. */
    public int length() {
        return length;
    }

    /** Bytes of memory, spare room included. */
    public long bytes() {
        return keys.byteSize() + values.byteSize();
    }

    /**
     * Appends a position.
     *
     * @param key [heads * headWidth] from {@code keyOffset} on, rotated
     * @param value [heads * headWidth] from {@code valueOffset} on
     */
    public void append(float[] key, int keyOffset, float[] value, int valueOffset) {
        if (length == capacity) grow();
        for (int head = 0; head < heads; head++) {
            writeKey(head, key, keyOffset + head * headWidth);
            writeValue(head, value, valueOffset + head * headWidth);
        }
        length++;
    }

    /**
     * Forgets the last positions; their memory is kept for those to come.
     *
     * @param positions how many stay, at most those held
     */
    public void truncate(int positions) {
        if (positions < 0 || positions > length) {
            throw new IllegalArgumentException(
                    "positions: expected 0 to the " + length + " held to stay, got " + positions);
        }
        length = positions;
    }

    /** Down one lane of the panel that holds the position. */
    private void writeKey(int head, float[] key, int from) {
        long at = keyAt(head, length, 0);
        for (int c = 0; c < headWidth; c++) keys.set(F32, at + 4L * c * lanes, key[from + c]);
    }

    /** One row of each panel of channels. */
    private void writeValue(int head, float[] value, int from) {
        for (int c = 0; c < headWidth; c += lanes) {
            int inside = Math.min(lanes, headWidth - c);
            MemorySegment.copy(value, from + c, values, F32, valueAt(head, length, c), inside);
        }
    }

    /** The key of a position as it was appended, [heads * headWidth]. For looking at; attention does not use it. */
    public float[] key(int position) {
        checkPosition(position);
        float[] key = new float[heads * headWidth];
        for (int i = 0; i < key.length; i++) key[i] = key(i / headWidth, position, i % headWidth);
        return key;
    }

    /** The value of a position as it was appended, [heads * headWidth]. For looking at; attention does not use it. */
    public float[] value(int position) {
        checkPosition(position);
        float[] value = new float[heads * headWidth];
        for (int i = 0; i < value.length; i++) value[i] = value(i / headWidth, position, i % headWidth);
        return value;
    }

    private void checkPosition(int position) {
        if (position < 0 || position >= length) {
            throw new IllegalArgumentException(
                    "position: expected 0 or more and below the " + length + " held, got " + position);
        }
    }

    float key(int head, int position, int channel) {
        return keys.get(F32, keyAt(head, position, channel));
    }

    float value(int head, int position, int channel) {
        return values.get(F32, valueAt(head, position, channel));
    }

    int heads() {
        return heads;
    }

    int headWidth() {
        return headWidth;
    }

    int lanes() {
        return lanes;
    }

    /** Keys, [heads, capacity / lanes, headWidth, lanes]. */
    MemorySegment keys() {
        return keys;
    }

    /** Values, [heads, ceil(headWidth / lanes), capacity, lanes]. */
    MemorySegment values() {
        return values;
    }

    /** Byte offset of a key's channel in {@link #keys()}. */
    long keyAt(int head, int position, int channel) {
        int lane = position % lanes;
        long panel = (long) head * capacity + position - lane;
        return 4 * (panel * headWidth + (long) channel * lanes + lane);
    }

    /** Byte offset of a value's channel in {@link #values()}. */
    long valueAt(int head, int position, int channel) {
        long panel = (long) head * panelsOfChannels() + channel / lanes;
        return 4 * ((panel * capacity + position) * lanes + channel % lanes);
    }

    private int panelsOfChannels() {
        return Math.ceilDiv(headWidth, lanes);
    }

    private void grow() {
        KvPanels larger =
                copy(capacity == 0 ? FIRST_CAPACITY : Math.addExact(capacity, Math.min(capacity, MOST_SPARE)));
        keys = larger.keys;
        values = larger.values;
        capacity = larger.capacity;
    }

    /** The same keys and values in memory of its own. */
    public KvPanels copy() {
        return copy(capacity);
    }

    private KvPanels copy(int positions) {
        KvPanels copy = new KvPanels(heads, headWidth, lanes);
        copy.length = length;
        if (positions > 0) copy.allocate(positions);
        if (length > 0) copyTo(copy);
        return copy;
    }

    private void allocate(int positions) {
        capacity = positions;
        long floats = (long) heads * positions;
        Arena arena = Arena.ofAuto();
        keys = arena.allocate(4 * floats * headWidth, 64);
        values = arena.allocate(4 * floats * panelsOfChannels() * lanes, 64);
    }

    /** Every panel that holds a position, to its place in memory of another capacity. */
    private void copyTo(KvPanels to) {
        long keyBytes = 4L * Math.ceilDiv(length, lanes) * lanes * headWidth;
        long valueBytes = 4L * length * lanes;
        for (int head = 0; head < heads; head++) {
            MemorySegment.copy(keys, keyAt(head, 0, 0), to.keys, to.keyAt(head, 0, 0), keyBytes);
            for (int c = 0; c < headWidth; c += lanes) {
                MemorySegment.copy(values, valueAt(head, 0, c), to.values, to.valueAt(head, 0, c), valueBytes);
            }
        }
    }
}
