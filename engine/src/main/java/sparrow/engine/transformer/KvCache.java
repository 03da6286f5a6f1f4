package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The keys and values of one sequence. Each layer has its own length: positions that exited early are missing in the
 * layers above their exit until a deeper pass runs them there, or are omitted permanently. The cache records which
 * layers contain which positions; a {@link KvMemory} stores the keys and values.
 *
 * <p>A layer stores its rows without gaps, in position order. Keys are rotated when they are appended, so attention
 * does not depend on the slot of a key. A {@linkplain ShortConvolution convolution} stores its input for every position
 * in the same way, although the next position reads only the last few inputs. Its state is therefore truncated, copied
 * and filled like keys and values.
 *
 * <p>Instances must be used only by their sequence's thread.
 */
public final class KvCache {
    private final KvMemory memory;

    /** Number of positions in each layer. */
    private final int[] lengths;

    /**
     * Positions omitted from each layer. All omitted positions precede the next position that the layer will contain.
     */
    private final List<BitSet> omitted = new ArrayList<>();

    /**
     * Creates an empty cache.
     *
     * @param layers number of layers of the model, L
     * @param memory empty memory
     */
    KvCache(int layers, KvMemory memory) {
        this.memory = memory;
        this.lengths = new int[layers];
        for (int i = 0; i < layers; i++) omitted.add(new BitSet());
    }

    private KvCache(KvMemory memory, int[] lengths) {
        this.memory = memory;
        this.lengths = lengths;
    }

    /** Returns an independent copy. */
    public KvCache copy() {
        KvCache copy = new KvCache(memory.copy(), lengths.clone());
        for (BitSet positions : omitted) copy.omitted.add((BitSet) positions.clone());
        return copy;
    }

    /** Returns the number of layers, L. */
    int layers() {
        return lengths.length;
    }

    /** Returns the number of positions that a layer, counted from 1, contains. */
    public int length(int layer) {
        return lengths[layer - 1];
    }

    /**
     * Returns a copy of a rotated key, [kvHeads * headWidth], or empty for a convolution. This method is intended for
     * diagnostics.
     *
     * @param slot index among the layer's keys, counted from 0; equal to the position if no earlier position was
     *     omitted
     */
    public float[] key(int layer, int slot) {
        return memory.key(layer, slot);
    }

    /**
     * Returns a copy of a value, [kvHeads * headWidth], or of a convolution input, [width]. This method is intended for
     * diagnostics.
     *
     * @param slot as in {@link #key}
     */
    public float[] value(int layer, int slot) {
        return memory.value(layer, slot);
    }

    /** Returns the number of bytes of memory allocated for keys and values. */
    public long bytes() {
        return memory.bytes();
    }

    KvMemory memory() {
        return memory;
    }

    /** Returns a position's current or future slot in a layer. No later position must have been omitted. */
    int slot(int layer, int position) {
        return position - omitted.get(layer - 1).cardinality();
    }

    /**
     * Omits a position from a layer and all layers above it. The position never has keys and values there, and later
     * positions do not attend to it.
     *
     * @throws IllegalStateException if one of these layers already contains the position or lacks an earlier position
     */
    void omit(int position, int fromLayer) {
        for (int layer = fromLayer; layer <= layers(); layer++) checkNext(layer, position);
        for (int layer = fromLayer; layer <= layers(); layer++)
            omitted.get(layer - 1).set(position);
    }

    /**
     * Removes {@code position} and all later positions from all layers, as if they had never been appended.
     *
     * @throws IllegalArgumentException if {@code position} is negative
     */
    public void truncate(int position) {
        if (position < 0) throw new IllegalArgumentException("position: expected 0 or more, got " + position);
        truncate(position, 1);
    }

    /** Removes {@code position} and all later positions from a layer and all layers above it. */
    void truncate(int position, int fromLayer) {
        for (int layer = fromLayer; layer <= layers(); layer++) {
            BitSet without = omitted.get(layer - 1);
            without.clear(position, Math.max(position, without.length()));
            lengths[layer - 1] = Math.min(length(layer), slot(layer, position));
            memory.truncate(layer, length(layer));
        }
    }

    /**
     * Removes all positions outside the given spans and closes the gaps. A retained position's values are unchanged;
     * its keys are rotated by the angle between its old and new positions. The retained values were computed while the
     * removed positions were visible, so the result approximates a cache that never contained them.
     *
     * @param kept ascending spans of positions to retain
     * @throws IllegalArgumentException if the spans are not ascending or not within the cache
     * @throws IllegalStateException if a layer lacks a position because it is pending or was omitted
     *     ({@link Position#omit})
     */
    public void retain(List<Span> kept) {
        int held = length(1);
        for (int layer = 1; layer <= layers(); layer++) {
            if (length(layer) == held && omitted.get(layer - 1).isEmpty()) continue;
            throw new IllegalStateException("KV cache of layer " + layer + ": expected the " + held
                    + " positions of layer 1 before some are removed, got " + length(layer));
        }
        Span.check(kept, held);
        memory.retain(kept);
        Arrays.fill(lengths, Span.length(kept));
    }

    /**
     * Records that a layer contains a position. The layer then appends its key and value.
     *
     * @throws IllegalStateException if the layer lacks an earlier position, because attention would skip this position
     */
    void extend(int layer, int position) {
        checkNext(layer, position);
        lengths[layer - 1]++;
    }

    private void checkNext(int layer, int position) {
        if (slot(layer, position) == length(layer)) return;
        throw new IllegalStateException("KV cache of layer " + layer + ": position " + position + " cannot follow the "
                + length(layer) + " positions that the layer holds");
    }
}
