package sparrow.engine.transformer;

/**
 * A position of a sequence, with its hidden state and its depth: the number of layers that it has gone through. It is <em>pending</em>
 * until it has gone through all of them: a new position has depth 0, and one that exited early has the depth of its exit layer. {@link
 * Transformer#forward} takes it further, together with other positions.
 *
 * <p>For one thread at a time, that of its sequence.
 */
public final class Position implements Row {
    private final KvCache cache;
    private final int index;
    private final HiddenState state;
    private int depth;

    /**
     * A position before layer 1.
     *
     * @param cache keys and values of its sequence
     * @param index place in the sequence, from 0
     * @param state residual stream before layer 1; from now on it belongs to the position
     */
    public Position(KvCache cache, int index, HiddenState state) {
        if (index < 0) throw new IllegalArgumentException("position: expected 0 or more, got " + index);
        this.cache = cache;
        this.index = index;
        this.state = state;
    }

    /** A copy of this position for a copy of its sequence. */
    public Position copy(KvCache other) {
        Position copy = new Position(other, index, state.copy());
        copy.depth = depth;
        return copy;
    }

    @Override
    public int index() {
        return index;
    }

    /** Residual stream after layer {@link #depth}; the next pass writes over it. */
    @Override
    public HiddenState state() {
        return state;
    }

    /** Number of layers that it has gone through. */
    public int depth() {
        return depth;
    }

    /** True if it still has layers before it. */
    public boolean isPending() {
        return depth < cache.layers();
    }

    /**
     * Gives up the layers that it still has before it: they never hold its key and value, and later positions do not see
     * it there.
     *
     * @throws IllegalStateException if one of these layers lacks an earlier position
     */
    public void omit() {
        if (isPending()) cache.omit(index, depth + 1);
        depth = cache.layers();
    }

    @Override
    public KvMemory memory() {
        return cache.memory();
    }

    @Override
    public int slot(int layer) {
        return cache.slot(layer, index);
    }

    /** Notes that a layer is about to run, which appends its key and value. */
    void extend(int layer) {
        cache.extend(layer, index);
    }

    /** Removes the keys and values that a failed pass appended above its depth. */
    void takeBack() {
        cache.truncate(index, depth + 1);
    }

    /** Notes that a layer has run. */
    void reached(int layer) {
        depth = layer;
    }
}
