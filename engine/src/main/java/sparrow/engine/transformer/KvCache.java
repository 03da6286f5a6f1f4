package sparrow.engine.transformer;

import java.util.Arrays;

/**
 * Keys and values of one sequence. Every layer has a length of its own: positions that left early are missing in the
 * layers above their exit until a deeper pass carries them there. Memory grows with the longest layer used.
 */
public final class KvCache {
    private final int width;
    private final float[][] keys;
    private final float[][] values;
    private final int[] lengths;

    /** An empty cache for a model of these sizes. */
    public KvCache(TransformerConfig config) {
        width = config.kvWidth();
        keys = new float[config.layers()][0];
        values = new float[config.layers()][0];
        lengths = new int[config.layers()];
    }

    /** Positions that a layer (counted from 1) holds. */
    public int length(int layer) {
        return lengths[layer - 1];
    }

    /** Keys of a layer, rotated: [length, kvHeads * headWidth] and spare room. Read only. */
    public float[] keys(int layer) {
        return keys[layer - 1];
    }

    /** Values of a layer: [length, kvHeads * headWidth] and spare room. Read only. */
    public float[] values(int layer) {
        return values[layer - 1];
    }

    /**
     * Appends key and value of a position.
     *
     * @throws IllegalStateException if an earlier position is missing in this layer: attention would skip it
     */
    void append(int layer, int position, float[] key, int keyOffset, float[] value, int valueOffset) {
        int i = layer - 1;
        if (lengths[i] != position) {
            throw new IllegalStateException("KV cache of layer " + layer + ": position " + position
                    + " cannot follow the " + lengths[i] + " positions that are there");
        }
        int needed = Math.multiplyExact(position + 1, width);
        if (keys[i].length < needed) {
            int capacity =
                    Math.max(needed, Math.max(64 * width, (int) Math.min(2L * keys[i].length, Integer.MAX_VALUE - 8)));
            keys[i] = Arrays.copyOf(keys[i], capacity);
            values[i] = Arrays.copyOf(values[i], capacity);
        }
        System.arraycopy(key, keyOffset, keys[i], position * width, width);
        System.arraycopy(value, valueOffset, values[i], position * width, width);
        lengths[i] = position + 1;
    }
}
