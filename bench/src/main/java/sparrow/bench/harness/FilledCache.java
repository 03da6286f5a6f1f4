package sparrow.bench.harness;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;

/**
 * A cache full of throwaway positions. Every layer makes its keys and values from the embeddings of tokens, as if no layer
 * changed them: a prefill would take minutes, and attention takes no longer over other numbers.
 */
public final class FilledCache {
    /** Far from every pattern in the weights. */
    private static final long STRIDE = 7919;

    private final Transformer transformer;
    private final KvCache cache;
    private int length;

    /** An empty one. */
    public FilledCache(Transformer transformer) {
        this.transformer = transformer;
        this.cache = transformer.newCache();
    }

    /** Fills or cuts it to so many positions, and waits for that; stops early when its thread is interrupted. */
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

    /** Forgets all but so many positions, also those that passes have appended. */
    public void cut(int positions) {
        cache.truncate(positions);
        length = Math.min(length, positions);
    }

    /** Positions that it was filled with. */
    public int length() {
        return length;
    }

    /** Keys and values; a caller that appends to them cuts them again. */
    public KvCache cache() {
        return cache;
    }

    /** The embedding of a token for a place, [width]. */
    public float[] embedded(int position) {
        return transformer.embed((int) (position * STRIDE % transformer.config().vocabulary()));
    }
}
