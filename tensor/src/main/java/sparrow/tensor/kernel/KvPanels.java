package sparrow.tensor.kernel;

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
 * <p>The {@link KvFormat} decides how a number is kept; where it lies is the same in all formats.
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
    private final KvFormat format;
    private MemorySegment keys = MemorySegment.NULL;
    private MemorySegment values = MemorySegment.NULL;

    /** [heads, capacity], and so are the values' scales; empty where the format has none. */
    private MemorySegment keyScales = MemorySegment.NULL;

    private MemorySegment valueScales = MemorySegment.NULL;
    private int capacity;
    private int length;

    /**
     * @param lanes positions, or channels, per panel: 1, or a power of two up to {@link #FIRST_CAPACITY}
     */
    KvPanels(int heads, int headWidth, int lanes, KvFormat format) {
        this.heads = heads;
        this.headWidth = headWidth;
        this.lanes = lanes;
        this.format = format;
    }

    /** Positions held. */
    public int length() {
        return length;
    }

    /** The format in which numbers are kept. */
    public KvFormat format() {
        return format;
    }

    /** Bytes of memory, spare room included. */
    public long bytes() {
        return keys.byteSize() + values.byteSize() + keyScales.byteSize() + valueScales.byteSize();
    }

    /**
     * Appends a position.
     *
     * @param key [heads * headWidth] from {@code keyOffset} on, rotated
     * @param value [heads * headWidth] from {@code valueOffset} on
     * @throws IllegalArgumentException if the format cannot keep a number; nothing is appended then
     */
    public void append(float[] key, int keyOffset, float[] value, int valueOffset) {
        if (length == capacity) grow();
        for (int head = 0; head < heads; head++) {
            writeKey(head, length, key, keyOffset + head * headWidth);
            writeValue(head, length, value, valueOffset + head * headWidth);
        }
        length++;
    }

    /**
     * Forgets the last positions; their memory is kept for those to come.
     *
     * @param positions that stay, at most those held
     */
    public void truncate(int positions) {
        if (positions < 0 || positions > length) {
            throw new IllegalArgumentException(
                    "positions: expected 0 to the " + length + " held to stay, got " + positions);
        }
        length = positions;
    }

    /** Turns the key of one head in place, [headWidth]. */
    @FunctionalInterface
    public interface KeyTurn {
        /** Turns it. */
        void turn(float[] key);
    }

    /**
     * Moves positions towards the front, onto others. Values stay as they are; what lay there is lost.
     *
     * @param first of the positions, and {@code end} behind their last, both among those held
     * @param to new place of the first one, at most {@code first}
     * @param turn makes of a key the one that it would have there
     */
    public void move(int first, int end, int to, KeyTurn turn) {
        if (to < 0 || to > first || first > end || end > length) {
            throw new IllegalArgumentException("positions: expected some of the " + length
                    + " held to move towards the front, got " + first + " to " + end + " onto " + to);
        }
        float[] moved = new float[headWidth];
        for (int head = 0; head < heads; head++) {
            for (int position = first; position < end; position++) {
                readKey(head, position, moved, 0);
                turn.turn(moved);
                writeKey(head, to + position - first, moved, 0);
                moveValue(head, position, to + position - first);
            }
        }
    }

    /** Copies one head's value to another position, to the bit. */
    private void moveValue(int head, int position, int to) {
        long row = (long) format.bytesPerChannel() * lanes;
        for (int c = 0; c < headWidth; c += lanes) {
            MemorySegment.copy(values, valueAt(head, position, c), values, valueAt(head, to, c), row);
        }
        if (format.isScaled()) {
            valueScales.set(F32, scaleAt(head, to), valueScales.get(F32, scaleAt(head, position)));
        }
    }

    /**
     * The key of a position as it is kept, [heads * headWidth]: as it was appended but for the format's rounding. For looking
     * at; attention does not use it.
     */
    public float[] key(int position) {
        checkPosition(position);
        float[] key = new float[heads * headWidth];
        for (int head = 0; head < heads; head++) readKey(head, position, key, head * headWidth);
        return key;
    }

    /** The value of a position as it is kept, [heads * headWidth]. For looking at; attention does not use it. */
    public float[] value(int position) {
        checkPosition(position);
        float[] value = new float[heads * headWidth];
        for (int head = 0; head < heads; head++) readValue(head, position, value, head * headWidth);
        return value;
    }

    private void checkPosition(int position) {
        if (position < 0 || position >= length) {
            throw new IllegalArgumentException(
                    "position: expected 0 or more and below the " + length + " held, got " + position);
        }
    }

    /** Keeps one head's key of a position that there is memory for: down one lane of its panel. */
    void writeKey(int head, int position, float[] key, int from) {
        float scale = format.scale(key, from, headWidth);
        if (format.isScaled()) keyScales.set(F32, scaleAt(head, position), scale);
        format.write(key, from, headWidth, scale, keys, keyAt(head, position, 0), keyStep());
    }

    /** Keeps one head's value of a position that there is memory for: one row of each panel of channels. */
    void writeValue(int head, int position, float[] value, int from) {
        float scale = format.scale(value, from, headWidth);
        if (format.isScaled()) valueScales.set(F32, scaleAt(head, position), scale);
        for (int c = 0; c < headWidth; c += lanes) {
            int inside = Math.min(lanes, headWidth - c);
            format.write(value, from + c, inside, scale, values, valueAt(head, position, c), format.bytesPerChannel());
        }
    }

    /** One head's key of a position, [headWidth] from {@code at} on. */
    void readKey(int head, int position, float[] key, int at) {
        float scale = format.isScaled() ? keyScales.get(F32, scaleAt(head, position)) : 1;
        format.read(keys, keyAt(head, position, 0), keyStep(), scale, key, at, headWidth);
    }

    /** One head's value of a position, [headWidth] from {@code at} on. */
    void readValue(int head, int position, float[] value, int at) {
        float scale = format.isScaled() ? valueScales.get(F32, scaleAt(head, position)) : 1;
        for (int c = 0; c < headWidth; c += lanes) {
            int inside = Math.min(lanes, headWidth - c);
            format.read(values, valueAt(head, position, c), format.bytesPerChannel(), scale, value, at + c, inside);
        }
    }

    /**
     * Finishes the scores of a row: the products of its query with the first keys of a head, if these were multiplied without
     * their scales. Nothing where there are none.
     */
    void scaleByKeys(int head, float[] scores, int offset, int positions) {
        if (format.isScaled()) Widening.multiply(scores, offset, keyScales, scaleAt(head, 0), positions);
    }

    /** Gives the weights of the first values of a head the scales of these, where they have any. */
    void scaleByValues(int head, float[] weights, int offset, int positions) {
        if (format.isScaled()) Widening.multiply(weights, offset, valueScales, scaleAt(head, 0), positions);
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

    /** Positions that there is memory for. */
    int capacity() {
        return capacity;
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
        return format.bytesPerChannel() * (panel * headWidth + (long) channel * lanes + lane);
    }

    /** Byte offset of a value's channel in {@link #values()}. */
    long valueAt(int head, int position, int channel) {
        long panel = (long) head * panelsOfChannels() + channel / lanes;
        return format.bytesPerChannel() * ((panel * capacity + position) * lanes + channel % lanes);
    }

    /** Bytes from a key's channel to the next one. */
    private long keyStep() {
        return (long) format.bytesPerChannel() * lanes;
    }

    private long scaleAt(int head, int position) {
        return 4 * ((long) head * capacity + position);
    }

    private int panelsOfChannels() {
        return Math.ceilDiv(headWidth, lanes);
    }

    private void grow() {
        KvPanels larger =
                copy(capacity == 0 ? FIRST_CAPACITY : Math.addExact(capacity, Math.min(capacity, MOST_SPARE)));
        keys = larger.keys;
        values = larger.values;
        keyScales = larger.keyScales;
        valueScales = larger.valueScales;
        capacity = larger.capacity;
    }

    /** The same keys and values in memory of its own. */
    public KvPanels copy() {
        return copy(capacity);
    }

    private KvPanels copy(int positions) {
        KvPanels copy = new KvPanels(heads, headWidth, lanes, format);
        copy.length = length;
        if (positions > 0) {
            copy.capacity = positions;
            copy.allocate(Arena.ofAuto());
        }
        if (length > 0) copyTo(copy);
        return copy;
    }

    /** Takes memory for {@link #capacity} positions. */
    private void allocate(Arena arena) {
        long channels = (long) format.bytesPerChannel() * heads * capacity;
        keys = arena.allocate(channels * headWidth, 64);
        values = arena.allocate(channels * panelsOfChannels() * lanes, 64);
        if (format.isScaled()) {
            keyScales = arena.allocate(4L * heads * capacity, 64);
            valueScales = arena.allocate(4L * heads * capacity, 64);
        }
    }

    /** Every panel that holds a position, to its place in memory of another capacity. */
    private void copyTo(KvPanels to) {
        long keyBytes = (long) format.bytesPerChannel() * Math.ceilDiv(length, lanes) * lanes * headWidth;
        long valueBytes = (long) format.bytesPerChannel() * length * lanes;
        for (int head = 0; head < heads; head++) {
            MemorySegment.copy(keys, keyAt(head, 0, 0), to.keys, to.keyAt(head, 0, 0), keyBytes);
            for (int c = 0; c < headWidth; c += lanes) {
                MemorySegment.copy(values, valueAt(head, 0, c), to.values, to.valueAt(head, 0, c), valueBytes);
            }
            if (format.isScaled()) {
                long scaleBytes = 4L * length;
                MemorySegment.copy(keyScales, scaleAt(head, 0), to.keyScales, to.scaleAt(head, 0), scaleBytes);
                MemorySegment.copy(valueScales, scaleAt(head, 0), to.valueScales, to.scaleAt(head, 0), scaleBytes);
            }
        }
    }
}
