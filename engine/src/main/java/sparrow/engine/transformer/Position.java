package sparrow.engine.transformer;

/**
 * A position in a sequence, with its hidden state and its depth. The depth is the number of layers that it has passed
 * through, including layers treated by {@link #omit} or {@link Transformer#propagate}. A position is <em>pending</em>
 * until it has passed through all layers. A new position has depth 0. A position that exited early has the depth of its
 * exit layer until {@link Transformer#forward} runs it through more layers together with other positions.
 *
 * <p>Instances must be used only by their sequence's thread.
 */
public final class Position implements PassPosition {
    private final KvCache cache;
    private final int index;
    private final HiddenState state;
    private int depth;

    /**
     * Creates a position with depth 0.
     *
     * @param cache keys and values of the sequence
     * @param index index in the sequence, counted from 0
     * @param state residual stream before layer 1; the position takes ownership of it
     */
    public Position(KvCache cache, int index, HiddenState state) {
        if (index < 0) throw new IllegalArgumentException("position: expected 0 or more, got " + index);
        this.cache = cache;
        this.index = index;
        this.state = state;
    }

    /** Returns a copy of this position for a copy of its sequence. */
    public Position copy(KvCache other) {
        Position copy = new Position(other, index, state.copy());
        copy.depth = depth;
        return copy;
    }

    @Override
    public int index() {
        return index;
    }

    /** Returns the residual stream after the last layer that ran. The next pass overwrites it. */
    @Override
    public HiddenState state() {
        return state;
    }

    /** Returns the number of layers that this position has passed through. */
    public int depth() {
        return depth;
    }

    /** Returns whether this position has not yet passed through all layers. */
    public boolean isPending() {
        return depth < cache.layers();
    }

    /**
     * Omits this position from the layers above its depth. These layers never contain its key and value, and later
     * positions do not attend to it there.
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

    /** Records that a layer is about to append this position's key and value. */
    void extend(int layer) {
        cache.extend(layer, index);
    }

    /** Removes the keys and values that a failed pass appended above its depth. */
    void rollBack() {
        cache.truncate(index, depth + 1);
    }

    /** Records that this position has passed through a layer. */
    void reached(int layer) {
        depth = layer;
    }
}
