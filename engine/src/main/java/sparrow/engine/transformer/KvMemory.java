package sparrow.engine.transformer;

import java.util.List;

/**
 * The numbers of a {@link KvCache}: keys and values of one sequence in every layer, or the inputs of its convolution, in the place
 * where its layers are computed. Layers append their own. The cache knows which position lies in which slot.
 *
 * <p>For one thread at a time, that of its sequence.
 */
public interface KvMemory {
    /**
     * A key, rotated, [kvHeads * headWidth]; of a convolution none, []. A copy, for looking at.
     *
     * @param layer from 1
     * @param slot place in that layer, from 0
     */
    float[] key(int layer, int slot);

    /** A value, [kvHeads * headWidth], or the input of a convolution, [width]. A copy, for looking at. */
    float[] value(int layer, int slot);

    /** Bytes of memory, spare room included. */
    long bytes();

    /**
     * Forgets the slots of a layer from one on; nothing happens if there are none. The next ones lie there.
     *
     * @param layer from 1
     */
    void truncate(int layer, int slot);

    /**
     * Forgets all slots but some, in every layer. Those that stay move together: values and convolution inputs as they are, keys
     * turned by the angle between their two places.
     *
     * @param kept slots that remain, as ascending spans; every layer holds them
     * @param rope with which the keys were rotated
     */
    void retain(List<Span> kept, Rope rope);

    /** An independent copy. */
    KvMemory copy();
}
