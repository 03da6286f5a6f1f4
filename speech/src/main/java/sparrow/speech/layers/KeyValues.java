package sparrow.speech.layers;

import java.util.Arrays;
import sparrow.tensor.kernel.Block;

/** Keys and values of one layer for one sequence, oldest first. They grow with every chunk. */
public final class KeyValues {
    private final int width;
    private float[] keys = {};
    private float[] values = {};
    private int length;

    /**
     * None yet.
     *
     * @param width channels of a key, and of a value
     */
    public KeyValues(int width) {
        this.width = width;
    }

    /** Number of rows. */
    public int length() {
        return length;
    }

    /** [length, width]. */
    public Block keys() {
        return Block.of(keys, length, width);
    }

    /** [length, width]. */
    public Block values() {
        return Block.of(values, length, width);
    }

    /** Appends new ones, [rows, width] without gaps. */
    void append(Block newKeys, Block newValues) {
        int needed = (length + newKeys.rows()) * width;
        if (needed > keys.length) {
            // The first chunk is often the only one: no room beside it. Afterwards room for as many again.
            int room = length == 0 ? needed : Math.max(needed, 2 * keys.length);
            keys = Arrays.copyOf(keys, room);
            values = Arrays.copyOf(values, room);
        }
        System.arraycopy(newKeys.data(), newKeys.offset(), keys, length * width, newKeys.rows() * width);
        System.arraycopy(newValues.data(), newValues.offset(), values, length * width, newValues.rows() * width);
        length += newKeys.rows();
    }

    /** Room for so many rows, where there are none; their numbers are to be set. */
    public void reserve(int rows) {
        keys = new float[rows * width];
        values = new float[rows * width];
        length = rows;
    }

    /** Forgets all but the newest ones, if there are more. */
    public void keepNewest(int count) {
        if (length <= count) return;
        System.arraycopy(keys, (length - count) * width, keys, 0, count * width);
        System.arraycopy(values, (length - count) * width, values, 0, count * width);
        length = count;
    }

    /** A copy, for a sequence that goes on differently from here. */
    public KeyValues fork() {
        KeyValues copy = new KeyValues(width);
        copy.append(keys(), values());
        return copy;
    }
}
