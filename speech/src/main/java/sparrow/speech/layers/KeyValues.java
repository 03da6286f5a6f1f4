package sparrow.speech.layers;

import java.util.Arrays;
import sparrow.tensor.kernel.Block;

/** The keys and values of one layer for one sequence, oldest first. Each chunk adds keys and values. */
public final class KeyValues {
    private final int width;
    private float[] keys = {};
    private float[] values = {};
    private int length;

    /**
     * Creates empty keys and values.
     *
     * @param width number of channels of a key and of a value
     */
    public KeyValues(int width) {
        this.width = width;
    }

    /** Returns the number of rows. */
    public int length() {
        return length;
    }

    /** Returns the keys, [length, width]. */
    public Block keys() {
        return Block.of(keys, length, width);
    }

    /** Returns the values, [length, width]. */
    public Block values() {
        return Block.of(values, length, width);
    }

    /** Appends keys and values, each [rows, width] without gaps. */
    void append(Block newKeys, Block newValues) {
        int needed = (length + newKeys.rows()) * width;
        if (needed > keys.length) {
            // The first chunk is often the only one, so it is allocated exactly the memory it needs. Later, the memory
            // is doubled.
            int room = length == 0 ? needed : Math.max(needed, 2 * keys.length);
            keys = Arrays.copyOf(keys, room);
            values = Arrays.copyOf(values, room);
        }
        System.arraycopy(newKeys.data(), newKeys.offset(), keys, length * width, newKeys.rows() * width);
        System.arraycopy(newValues.data(), newValues.offset(), values, length * width, newValues.rows() * width);
        length += newKeys.rows();
    }

    /** Allocates the given number of rows. The caller then fills the rows. There must be no rows yet. */
    public void reserve(int rows) {
        keys = new float[rows * width];
        values = new float[rows * width];
        length = rows;
    }

    /** Removes all rows except the newest {@code count} rows, if there are more. */
    public void retainNewest(int count) {
        if (length <= count) return;
        System.arraycopy(keys, (length - count) * width, keys, 0, count * width);
        System.arraycopy(values, (length - count) * width, values, 0, count * width);
        length = count;
    }

    /** Returns an independent copy. */
    public KeyValues fork() {
        KeyValues copy = new KeyValues(width);
        copy.append(keys(), values());
        return copy;
    }
}
