package sparrow.engine.transformer;

import java.util.List;

/**
 * The contents of a {@link KvCache}: every layer's keys and values or convolution inputs for one sequence, in the
 * memory of the device that runs the layers. A layer appends a row for each position that it runs. The cache records
 * which slots contain which positions.
 *
 * <p>Instances must be used only by their sequence's thread.
 */
public interface KvMemory {
    /**
     * Returns a copy of a rotated key, [kvHeads * headWidth], or empty for a convolution. This method is intended for
     * diagnostics.
     *
     * @param layer layer number, counted from 1
     * @param slot index in that layer, counted from 0
     */
    float[] key(int layer, int slot);

    /**
     * Returns a copy of a value, [kvHeads * headWidth], or of a convolution input, [width]. This method is intended for
     * diagnostics.
     */
    float[] value(int layer, int slot);

    /** Returns the number of bytes of allocated memory. */
    long bytes();

    /**
     * Removes {@code slot} and all later slots of a layer, if there are any. The next row is appended at {@code slot}.
     *
     * @param layer layer number, counted from 1
     */
    void truncate(int layer, int slot);

    /**
     * Removes all slots outside the given spans from every layer and closes the gaps. Values and convolution inputs are
     * moved unchanged; keys are rotated by the angle between their old and new positions.
     *
     * @param kept ascending spans of slots to retain; every layer must contain these slots
     */
    void retain(List<Span> kept);

    /** Returns an independent copy. */
    KvMemory copy();
}
