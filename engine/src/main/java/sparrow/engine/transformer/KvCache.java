package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Keys and values of one sequence. Every layer has a length of its own: positions that left early are missing in the
 * layers above their exit until a deeper pass carries them there, or are omitted from them for good. The cache knows which
 * layer holds which position; the numbers lie in a {@link KvMemory}.
 *
 * <p>A layer keeps what it holds side by side, in the order of positions. Keys are rotated when they are appended, so the
 * place of a key means nothing to attention. A {@linkplain ShortConvolution convolution} keeps its input of every position in the
 * same way, though the next position reads the last few only: so its state is cut, copied and filled as keys and values are.
 *
 * <p>For one thread at a time, that of its sequence.
 */
public final class KvCache {
    private final KvMemory memory;

    /** Positions that each layer holds. */
    private final int[] lengths;

    /** Positions omitted from each layer; all of them lie before the next one that it will hold. */
    private final List<BitSet> omitted = new ArrayList<>();

    /**
     * An empty cache.
     *
     * @param layers of the model, L
     * @param memory that is empty
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

    /** An independent copy. */
    public KvCache copy() {
        KvCache copy = new KvCache(memory.copy(), lengths.clone());
        for (BitSet positions : omitted) copy.omitted.add((BitSet) positions.clone());
        return copy;
    }

    /** Layers, L. */
    int layers() {
        return lengths.length;
    }

    /** Positions that a layer (counted from 1) holds. */
    public int length(int layer) {
        return lengths[layer - 1];
    }

    /**
     * A key that a layer holds, rotated, [kvHeads * headWidth]; of a convolution none, []. A copy, for looking at.
     *
     * @param slot place among the keys that the layer holds, from 0: the position, where none before it was omitted
     */
    public float[] key(int layer, int slot) {
        return memory.key(layer, slot);
    }

    /**
     * A value that a layer holds, [kvHeads * headWidth], or the input of its convolution, [width]. A copy, for looking at.
     *
     * @param slot as in {@link #key}
     */
    public float[] value(int layer, int slot) {
        return memory.value(layer, slot);
    }

    /** Bytes of memory that keys and values take up, spare room included. */
    public long bytes() {
        return memory.bytes();
    }

    KvMemory memory() {
        return memory;
    }

    /** The slot in which a layer keeps a position, or will: one that no omitted position comes after. */
    int slot(int layer, int position) {
        return position - omitted.get(layer - 1).cardinality();
    }

    /**
     * Omits a position from a layer and from all above it: it never gets keys and values there, and later positions do not
     * see it.
     *
     * @throws IllegalStateException if a layer holds the position, or an earlier one is missing
     */
    void omit(int position, int fromLayer) {
        for (int layer = fromLayer; layer <= layers(); layer++) checkNext(layer, position);
        for (int layer = fromLayer; layer <= layers(); layer++)
            omitted.get(layer - 1).set(position);
    }

    /**
     * Forgets every position from {@code position} on, in all layers. The others are as if those had never been there.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public void truncate(int position) {
        if (position < 0) throw new IllegalArgumentException("position: expected 0 or more, got " + position);
        truncate(position, 1);
    }

    /** {@link #truncate(int)} in a layer and in all above it. */
    void truncate(int position, int fromLayer) {
        for (int layer = fromLayer; layer <= layers(); layer++) {
            BitSet without = omitted.get(layer - 1);
            without.clear(position, Math.max(position, without.length()));
            lengths[layer - 1] = Math.min(length(layer), slot(layer, position));
            memory.truncate(layer, length(layer));
        }
    }

    /**
     * Forgets all positions but some, which move together: each gets the place that it would have without those in front of
     * it that go. Its values stay, and its keys are turned by the angle between its two places. The values were made when
     * what goes was there, so this is an approximation of a cache that never held it.
     *
     * @param kept positions that remain, as ascending spans
     * @param rope with which the keys were rotated
     * @throws IllegalArgumentException if they are not so
     * @throws IllegalStateException if a layer lacks a position: what is pending is carried first, and what was omitted
     *     ({@link Position#omit}) has no place that another could move to
     */
    public void retain(List<Span> kept, Rope rope) {
        int held = length(1);
        for (int layer = 1; layer <= layers(); layer++) {
            if (length(layer) == held && omitted.get(layer - 1).isEmpty()) continue;
            throw new IllegalStateException("KV cache of layer " + layer + ": expected the " + held
                    + " positions of layer 1, so that some can move, got " + length(layer));
        }
        Span.check(kept, held);
        memory.retain(kept, rope);
        Arrays.fill(lengths, Span.length(kept));
    }

    /**
     * Counts a position as one that a layer holds: the layer appends its key and value.
     *
     * @throws IllegalStateException if an earlier position is missing in this layer: attention would skip it
     */
    void extend(int layer, int position) {
        checkNext(layer, position);
        lengths[layer - 1]++;
    }

    private void checkNext(int layer, int position) {
        if (slot(layer, position) == length(layer)) return;
        throw new IllegalStateException("KV cache of layer " + layer + ": position " + position + " cannot follow the "
                + length(layer) + " positions that are there");
    }
}
