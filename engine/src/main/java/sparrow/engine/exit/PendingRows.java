package sparrow.engine.exit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Row;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;

/**
 * The positions of one sequence that have not been through all layers, with the residual stream at which each stopped.
 * A token that was just appended is one that stopped before layer 1; one that left early stopped at its exit layer.
 *
 * <p>{@link #rowsTo} takes along every position that stopped below the depth of the pass, each from the layer above its
 * own: that is SPAR-K's fill of missing keys and values, and it is also what keeps an exit at layer 36 exact when an
 * earlier position had left at layer 30. A later position is never deeper than an earlier one.
 */
public final class PendingRows {
    private final TransformerConfig config;
    private final KvCache cache;
    private final Deque<Stopped> stopped = new ArrayDeque<>();
    private float[] newest;
    private int length;

    private static final class Stopped {
        private final int position;
        private final float[] hidden;
        private int depth;

        Stopped(int position, float[] hidden) {
            this.position = position;
            this.hidden = hidden;
        }
    }

    /** An empty sequence of a transformer. */
    public PendingRows(Transformer transformer) {
        this.config = transformer.config();
        this.cache = transformer.newCache();
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
     * Appends the next position.
     *
     * @param hidden its residual stream before layer 1, [width]; advanced in place from now on
     * @throws IllegalStateException if the context is full
     */
    public void append(float[] hidden) {
        if (length >= config.contextLength()) {
            throw new IllegalStateException("the context of " + config.contextLength() + " positions is full");
        }
        stopped.add(new Stopped(length++, hidden));
        newest = hidden;
    }

    /** Residual stream of the newest position, [width]: after the layer that the last pass ended with. */
    public float[] newest() {
        return newest;
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
        stopped.removeIf(row -> row.depth == config.layers());
    }
}
