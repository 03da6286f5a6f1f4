package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Off-heap keys and values for one layer of one sequence. Keys are stored in panels of positions, and values in panels
 * of channels. {@link Kernels#attend} multiplies this layout directly, so a decode step does not require packing. A
 * cache can be used only by the kernels whose {@link Kernels#keyValues} created it. The capacity doubles at first and
 * later grows by {@link #MAX_GROWTH} positions at a time. A thread must not read while another thread appends.
 *
 * <p>The {@link KvFormat} determines how numbers are stored; the layout is the same in all formats.
 *
 * <p>The garbage collector frees the memory, so a sequence does not need to be closed. The JVM limits such memory in
 * the same way as its heap.
 */
public final class KvPanels {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Initial capacity in positions, which is a multiple of every panel size. */
    private static final int FIRST_CAPACITY = 64;

    /** Maximum growth in positions, so that many long sequences waste little memory. */
    public static final int MAX_GROWTH = 256;

    private final int heads;
    private final int headWidth;
    private final int lanes;
    private final KvFormat format;
    private MemorySegment keys = MemorySegment.NULL;
    private MemorySegment values = MemorySegment.NULL;

    /**
     * Scales of the keys, [heads, capacity], or empty if the format has none. The scales of the values have the same
     * shape.
     */
    private MemorySegment keyScales = MemorySegment.NULL;

    private MemorySegment valueScales = MemorySegment.NULL;
    private int capacity;
    private int length;

    /**
     * Creates an empty cache.
     *
     * @param lanes number of positions or channels per panel, which must be a power of two up to
     *     {@link #FIRST_CAPACITY}
     */
    KvPanels(int heads, int headWidth, int lanes, KvFormat format) {
        this.heads = heads;
        this.headWidth = headWidth;
        this.lanes = lanes;
        this.format = format;
    }

    /** Returns the number of positions. */
    public int length() {
        return length;
    }

    /** Returns the format in which numbers are stored. */
    public KvFormat format() {
        return format;
    }

    /** Returns the number of bytes of allocated memory, including unused capacity. */
    public long bytes() {
        return keys.byteSize() + values.byteSize() + keyScales.byteSize() + valueScales.byteSize();
    }

    /**
     * Appends a position.
     *
     * @param key rotated key, [heads * headWidth], starting at {@code keyOffset}
     * @param value value, [heads * headWidth], starting at {@code valueOffset}
     * @throws IllegalArgumentException if the format cannot represent a number; in this case, nothing is appended
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
     * Removes the last positions and reuses their memory.
     *
     * @param positions number of positions to retain, at most {@link #length}
     */
    public void truncate(int positions) {
        if (positions < 0 || positions > length) {
            throw new IllegalArgumentException("positions: expected 0 to the " + length + " held, got " + positions);
        }
        length = positions;
    }

    /** Rotates keys to a different position. */
    @FunctionalInterface
    public interface KeyRotation {
        /** Rotates the key of one head in place, [headWidth]. */
        void rotate(float[] key);
    }

    /**
     * Moves positions towards the beginning, overwriting other positions. Keys are rotated, and values are copied
     * unchanged.
     *
     * @param first first position to move
     * @param end end of the positions to move (exclusive), at most {@link #length}
     * @param to new index of the first position, at most {@code first}
     * @param rotation rotation of a key to its new position
     */
    public void move(int first, int end, int to, KeyRotation rotation) {
        if (to < 0 || to > first || first > end || end > length) {
            throw new IllegalArgumentException("positions: expected some of the " + length
                    + " stored positions to move towards the beginning, got " + first + " to " + end + " onto " + to);
        }
        float[] moved = new float[headWidth];
        for (int head = 0; head < heads; head++) {
            for (int position = first; position < end; position++) {
                readKey(head, position, moved, 0);
                rotation.rotate(moved);
                writeKey(head, to + position - first, moved, 0);
                moveValue(head, position, to + position - first);
            }
        }
    }

    /** Copies one head's stored value to a different position. */
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
     * Returns the key of a position, [heads * headWidth], as appended except for the format's rounding. This method is
     * intended for diagnostics; attention does not use it.
     */
    public float[] key(int position) {
        checkPosition(position);
        float[] key = new float[heads * headWidth];
        for (int head = 0; head < heads; head++) readKey(head, position, key, head * headWidth);
        return key;
    }

    /**
     * Returns the value of a position, [heads * headWidth], as appended except for the format's rounding. This method
     * is intended for diagnostics; attention does not use it.
     */
    public float[] value(int position) {
        checkPosition(position);
        float[] value = new float[heads * headWidth];
        for (int head = 0; head < heads; head++) readValue(head, position, value, head * headWidth);
        return value;
    }

    private void checkPosition(int position) {
        if (position < 0 || position >= length) {
            throw new IllegalArgumentException(
                    "position: expected 0 or greater and less than the " + length + " held, got " + position);
        }
    }

    /** Stores one head's key in the lane of an allocated position. */
    void writeKey(int head, int position, float[] key, int from) {
        float scale = format.scale(key, from, headWidth);
        if (format.isScaled()) keyScales.set(F32, scaleAt(head, position), scale);
        format.write(key, from, headWidth, scale, keys, keyAt(head, position, 0), keyStep());
    }

    /** Stores one head's value in the row of an allocated position, in each panel of channels. */
    void writeValue(int head, int position, float[] value, int from) {
        float scale = format.scale(value, from, headWidth);
        if (format.isScaled()) valueScales.set(F32, scaleAt(head, position), scale);
        for (int c = 0; c < headWidth; c += lanes) {
            int inside = Math.min(lanes, headWidth - c);
            format.write(value, from + c, inside, scale, values, valueAt(head, position, c), format.bytesPerChannel());
        }
    }

    /** Reads one head's key at a position and writes it to {@code key}, [headWidth], starting at {@code at}. */
    void readKey(int head, int position, float[] key, int at) {
        float scale = format.isScaled() ? keyScales.get(F32, scaleAt(head, position)) : 1;
        format.read(keys, keyAt(head, position, 0), keyStep(), scale, key, at, headWidth);
    }

    /** Reads one head's value at a position and writes it to {@code value}, [headWidth], starting at {@code at}. */
    void readValue(int head, int position, float[] value, int at) {
        float scale = format.isScaled() ? valueScales.get(F32, scaleAt(head, position)) : 1;
        for (int c = 0; c < headWidth; c += lanes) {
            int inside = Math.min(lanes, headWidth - c);
            format.read(values, valueAt(head, position, c), format.bytesPerChannel(), scale, value, at + c, inside);
        }
    }

    /**
     * Multiplies the scores of a row, computed from unscaled keys, by the scales of a head's keys. This method does
     * nothing if the format has no scales.
     *
     * @param first position of the first score
     */
    void scaleByKeys(int head, int first, float[] scores, int offset, int positions) {
        if (format.isScaled()) KvFormat.Widening.multiply(scores, offset, keyScales, scaleAt(head, first), positions);
    }

    /**
     * Multiplies the weights of a row by the scales of a head's values. This method does nothing if the format has no
     * scales.
     *
     * @param first position of the first weight
     */
    void scaleByValues(int head, int first, float[] weights, int offset, int positions) {
        if (format.isScaled())
            KvFormat.Widening.multiply(weights, offset, valueScales, scaleAt(head, first), positions);
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

    /** Returns the capacity in positions. */
    int capacity() {
        return capacity;
    }

    /** Returns the keys, [heads, capacity / lanes, headWidth, lanes]. */
    MemorySegment keys() {
        return keys;
    }

    /** Returns the values, [heads, ceil(headWidth / lanes), capacity, lanes]. */
    MemorySegment values() {
        return values;
    }

    /** Returns the byte offset of a key's channel in {@link #keys()}. */
    long keyAt(int head, int position, int channel) {
        int lane = position % lanes;
        long panel = (long) head * capacity + position - lane;
        return format.bytesPerChannel() * (panel * headWidth + (long) channel * lanes + lane);
    }

    /** Returns the byte offset of a value's channel in {@link #values()}. */
    long valueAt(int head, int position, int channel) {
        long panel = (long) head * panelsOfChannels() + channel / lanes;
        return format.bytesPerChannel() * ((panel * capacity + position) * lanes + channel % lanes);
    }

    /** Returns the number of bytes from one channel of a key to the next. */
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
                copy(capacity == 0 ? FIRST_CAPACITY : Math.addExact(capacity, Math.min(capacity, MAX_GROWTH)));
        keys = larger.keys;
        values = larger.values;
        keyScales = larger.keyScales;
        valueScales = larger.valueScales;
        capacity = larger.capacity;
    }

    /** Returns an independent copy. */
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

    /** Allocates memory for {@link #capacity} positions. */
    private void allocate(Arena arena) {
        long channels = (long) format.bytesPerChannel() * heads * capacity;
        keys = arena.allocate(channels * headWidth, 64);
        values = arena.allocate(channels * panelsOfChannels() * lanes, 64);
        if (format.isScaled()) {
            keyScales = arena.allocate(4L * heads * capacity, 64);
            valueScales = arena.allocate(4L * heads * capacity, 64);
        }
    }

    /** Copies every panel that contains a position to a cache with a different capacity. */
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
