package sparrow.engine.transformer;

import java.util.List;

/**
 * The numbers of a {@link KvCache}: keys and values of one sequence, or inputs of convolutions, for every layer, in the
 * memory of the device that runs the layers. A layer appends a row for each position that it runs. The cache records
 * which slot holds which position.
 *
 * <p>For one thread at a time: the thread of its sequence.
 */
public interface KvMemory {
    /**
     * Returns a copy of a rotated key, [kvHeads * headWidth]; empty for a convolution. For diagnostics.
     *
     * @param layer from 1
     * @param slot place in that layer, from 0
     */
    float[] key(int layer, int slot);

    /** Returns a copy of a value, [kvHeads * headWidth], or of the input of a convolution, [width]. For diagnostics. */
    float[] value(int layer, int slot);

    /** Bytes of allocated memory. */
    long bytes();

    /**
     * Removes the slots of a layer from {@code slot} on, if there are any. The next row is appended there.
     *
     * @param layer layer number, from 1
     */
    void truncate(int layer, int slot);

    /**
     * Removes all slots except some in every layer, and closes the gaps. Values and convolution inputs are moved
     * unchanged; keys are rotated by the angle between their old and their new place.
     *
     * @param kept slots to retain, as ascending spans; every layer holds them
     * @param rope rotary embedding of the keys
     */
    void retain(List<Span> kept, Rope rope);

    /** Returns an independent copy. */
    KvMemory copy();
}
