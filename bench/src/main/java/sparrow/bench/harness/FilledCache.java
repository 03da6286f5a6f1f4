package sparrow.bench.harness;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;

/**
 * A cache filled with synthetic positions. Each layer computes keys and values directly from token embeddings, because
 * a prefill would take minutes and the speed of attention does not depend on the values.
 */
public final class FilledCache {
    /** Stride between ids, unrelated to patterns in the weights. */
    private static final long STRIDE = 7919;

    private final Transformer transformer;
    private final KvCache cache;
    private int length;

    /** Creates an empty cache for a transformer. */
    public FilledCache(Transformer transformer) {
        this.transformer = transformer;
        this.cache = transformer.newCache();
    }

    /** Fills or truncates the cache to the given number of positions. Stops early if the thread is interrupted. */
    public void resize(int positions) {
        if (positions < length) cut(positions);
        while (length < positions && !Thread.currentThread().isInterrupted()) {
            List<Position> next = new ArrayList<>();
            int end = Math.min(positions, length + Transformer.PASS_POSITIONS);
            for (int p = length; p < end; p++) next.add(new Position(cache, p, transformer.state(embedded(p))));
            transformer.propagate(next);
            next.getLast().state().read();
            length = end;
        }
    }

    /** Truncates the cache to a number of positions, which also removes positions appended by passes. */
    public void cut(int positions) {
        cache.truncate(positions);
        length = Math.min(length, positions);
    }

    /** Returns the number of filled positions. */
    public int length() {
        return length;
    }

    /** Returns the keys and values. A caller that appends positions must remove them afterwards. */
    public KvCache cache() {
        return cache;
    }

    /** Returns the embedding [width] of the token at a position. */
    public float[] embedded(int position) {
        return transformer.embed((int) (position * STRIDE % transformer.config().vocabulary()));
    }
}
