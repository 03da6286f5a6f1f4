package sparrow.engine.exit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Row;
import sparrow.engine.transformer.Transformer;

/**
 * The positions of one sequence that have not been through all layers, with the residual stream at which each stopped.
 * A token that was just appended is one that stopped before layer 1; one that left early stopped at its exit layer.
 *
 * <p>{@link #rowsTo} takes along every position that stopped below the depth of the pass, each from the layer above its
 * own: that is SPAR-K's fill of missing keys and values, and it is also what keeps an exit at layer 36 exact when an
 * earlier position had left at layer 30. A later position is never deeper than an earlier one.
 */
public final class PendingRows {
    private final Transformer transformer;
    private final int layers;
    private final KvCache cache;
    private final Deque<Stopped> stopped = new ArrayDeque<>();

    /** Memory of positions that are through all layers, for those to come. */
    private final Deque<float[]> spare = new ArrayDeque<>();

    private Stopped newest;
    private int length;

    private static final class Stopped {
        private final int position;
        private final float[] hidden;
        private int depth;

        Stopped(int position, float[] hidden) {
            this.position = position;
            this.hidden = hidden;
        }

        Stopped copy() {
            Stopped copy = new Stopped(position, hidden.clone());
            copy.depth = depth;
            return copy;
        }
    }

    /** An empty sequence of a transformer. */
    public PendingRows(Transformer transformer) {
        this(transformer, transformer.newCache());
    }

    private PendingRows(Transformer transformer, KvCache cache) {
        this.transformer = transformer;
        this.layers = transformer.config().layers();
        this.cache = cache;
    }

    /** A sequence of its own that stands where this one stands: keys, values and hidden states are copied. */
    public PendingRows fork() {
        PendingRows fork = new PendingRows(transformer, cache.copy());
        for (Stopped row : stopped) {
            fork.newest = row.copy();
            fork.stopped.add(fork.newest);
        }
        // The newest of all may be through all layers, and still be asked for its state.
        if (stopped.isEmpty() && newest != null) fork.newest = newest.copy();
        fork.length = length;
        return fork;
    }

    /** Positions appended so far. */
    public int length() {
        return length;
    }

    /** Positions that have not been through all layers. */
    public int pending() {
        return stopped.size();
    }

    /** The keys and values. */
    public KvCache cache() {
        return cache;
    }

    /**
     * Appends a token as the next position.
     *
     * @throws IllegalArgumentException if the id is outside of the vocabulary
     * @throws IllegalStateException if the context is full
     */
    public void append(int token) {
        checkRoom();
        float[] hidden = memory();
        transformer.embed(token, hidden);
        stopBeforeLayerOne(hidden);
    }

    /**
     * Appends the next position.
     *
     * @param hidden its residual stream before layer 1, [width]; copied
     * @throws IllegalStateException if the context is full
     */
    public void append(float[] hidden) {
        append(hidden, 0);
    }

    /**
     * Appends the next position.
     *
     * @param rows holds its residual stream before layer 1, [width], from {@code from} on; copied
     * @throws IllegalStateException if the context is full
     */
    public void append(float[] rows, int from) {
        checkRoom();
        float[] own = memory();
        System.arraycopy(rows, from, own, 0, own.length);
        stopBeforeLayerOne(own);
    }

    private void checkRoom() {
        int most = transformer.config().contextLength();
        if (length >= most) throw new IllegalStateException("the context of " + most + " positions is full");
    }

    private float[] memory() {
        // A finished position's memory is free only now: its state was there to be asked for.
        if (newest != null && newest.depth == layers) spare.push(newest.hidden);
        newest = null;
        float[] used = spare.poll();
        return used == null ? new float[transformer.config().width()] : used;
    }

    private void stopBeforeLayerOne(float[] hidden) {
        newest = new Stopped(length++, hidden);
        stopped.add(newest);
    }

    /**
     * Residual stream of the newest position, [width]: after the layer that the last pass ended with. Holds until the
     * next position is appended.
     */
    public float[] newest() {
        return newest.hidden;
    }

    /** The rows that bring every position to at least {@code depth}, in the order of their positions. */
    public List<Row> rowsTo(int depth) {
        List<Row> rows = new ArrayList<>();
        for (Stopped row : stopped) {
            if (row.depth < depth) rows.add(new Row(cache, row.position, row.hidden, row.depth + 1, depth));
        }
        return rows;
    }

    /** Notes that the rows of {@link #rowsTo} have run: positions that are through all layers are dropped. */
    public void reached(int depth) {
        for (Stopped row : stopped) row.depth = Math.max(row.depth, depth);
        // The oldest are the deepest.
        while (!stopped.isEmpty() && stopped.peek().depth == layers) {
            Stopped done = stopped.poll();
            if (done != newest) spare.push(done.hidden);
        }
    }
}
