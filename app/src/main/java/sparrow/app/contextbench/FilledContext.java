package sparrow.app.contextbench;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitHead;
import sparrow.engine.kernel.KvFormat;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.Transformer;

/**
 * A cache full of throwaway positions in one format, and the step behind them. Every layer makes its keys and values from
 * the embeddings of tokens, as if no layer changed them: a prefill would take minutes, and attention takes no longer over
 * other numbers.
 */
final class FilledContext {
    /** Far from every pattern in the weights. */
    private static final long STRIDE = 7919;

    private final Transformer transformer;
    private final ExitHead head;
    private final Scorer scorer;
    private final KvCache cache;
    private int length;

    /**
     * Times of a step.
     *
     * @param layersNanos through all layers
     * @param nanos with its logits
     */
    record Step(long layersNanos, long nanos) {}

    FilledContext(LanguageModel model, KvFormat format) {
        transformer = model.transformer().keeping(format);
        head = model.heads().full();
        scorer = transformer.newScorer();
        cache = transformer.newCache();
    }

    /** Fills or cuts the cache to so many positions; stops early when its thread is interrupted. */
    void resize(int positions) {
        if (positions < length) cache.truncate(positions);
        for (; length < positions && !Thread.currentThread().isInterrupted(); length = cache.length(1)) {
            List<Position> next = new ArrayList<>();
            int end = Math.min(positions, length + Transformer.PASS_POSITIONS);
            for (int p = length; p < end; p++) next.add(new Position(cache, p, transformer.state(embedded(p))));
            transformer.propagate(next);
        }
        length = cache.length(1);
    }

    private float[] embedded(int position) {
        return transformer.embed((int) (position * STRIDE % transformer.config().vocabulary()));
    }

    /** A token behind the positions, which is forgotten again. */
    Step step() {
        long start = System.nanoTime();
        Position position = new Position(cache, length, transformer.state(embedded(length)));
        transformer.forward(List.of(position), transformer.config().layers());
        long layers = System.nanoTime();
        head.logits(scorer, List.of(position.state()));
        long end = System.nanoTime();
        cache.truncate(length);
        return new Step(layers - start, end - start);
    }

    /** Bytes of keys and values that a step reads. */
    long bytesRead() {
        return (length + 1) * transformer.kvBytesPerPosition();
    }
}
