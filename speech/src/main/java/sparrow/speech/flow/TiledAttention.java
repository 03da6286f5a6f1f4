package sparrow.speech.flow;

import java.util.List;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;

/**
 * Attention over whole sequences. A piece of work is one head and a tile of queries, so that its scores, and not those
 * of the whole sequence, bound the memory.
 *
 * @param headWidth channels of a head
 */
public record TiledAttention(Kernels kernels, int heads, int headWidth) {
    /** Queries that attend together; bounds the scores of a piece of work to [QUERIES, keys]. */
    private static final int QUERIES = 192;

    /**
     * One sequence; all blocks are [rows, heads * headWidth].
     *
     * @param keys as many as values, not necessarily as many as queries
     * @param mixed as many as queries; written
     */
    public record Sequence(Block queries, Block keys, Block values, Block mixed) {}

    /** How products of queries and keys become weights. */
    @FunctionalInterface
    public interface Weighing {
        /**
         * Turns scores into weights, in place.
         *
         * @param first the query of the first row
         * @param scores [queries, keys], a whole array
         */
        void weigh(int head, int first, Block scores);
    }

    /** Every query sees every key of its sequence: the weights are softmax(scores / sqrt(headWidth)). */
    public void attend(List<Sequence> sequences) {
        attend(sequences, (head, first, scores) -> {
            int keys = scores.columns();
            for (int i = 0; i < scores.rows(); i++) kernels.softmax(scores.data(), i * keys, keys, scale());
        });
    }

    /** Attends with weights of one's own. The sequences have equally many queries. */
    public void attend(List<Sequence> sequences, Weighing weighing) {
        int queries = sequences.getFirst().queries().rows();
        int tiles = Math.ceilDiv(queries, QUERIES);
        kernels.pool().forEach(sequences.size() * heads * tiles, piece -> {
            Sequence sequence = sequences.get(piece / tiles / heads);
            int from = piece % tiles * QUERIES;
            int to = Math.min(queries, from + QUERIES);
            tile(sequence, piece / tiles % heads, from, to, weighing);
        });
    }

    /** What scores are multiplied with before the softmax. */
    float scale() {
        return (float) (1 / Math.sqrt(headWidth));
    }

    /** The columns of one head. */
    Block head(Block x, int head) {
        return x.columns(head * headWidth, (head + 1) * headWidth);
    }

    private void tile(Sequence sequence, int head, int from, int to, Weighing weighing) {
        int keys = sequence.keys().rows();
        Block scores = Block.of(new float[(to - from) * keys], to - from, keys);
        kernels.multiplyTransposed(head(sequence.queries().rows(from, to), head), head(sequence.keys(), head), scores);
        weighing.weigh(head, from, scores);
        kernels.multiply(
                scores, head(sequence.values(), head), head(sequence.mixed().rows(from, to), head));
    }
}
