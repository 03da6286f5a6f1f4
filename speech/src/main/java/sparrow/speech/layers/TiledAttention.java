package sparrow.speech.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Attention over complete sequences. Each piece of parallel work computes one head for a tile of queries, so only the
 * scores of a tile are in memory instead of the scores of a complete sequence.
 *
 * @param headWidth number of channels per head
 */
public record TiledAttention(Kernels kernels, int heads, int headWidth) {
    /** Maximum number of queries per tile. The scores of a piece of work are at most [QUERIES, keys]. */
    private static final int QUERIES = 192;

    /** Number by which the queries per tile are divisible, so that register tiles are full. */
    private static final int TOGETHER = 12;

    /**
     * A sequence. All blocks are [rows, heads * headWidth].
     *
     * @param keys keys, whose number may differ from the number of queries
     * @param mixed block that receives the result, one row per query
     */
    public record Sequence(Block queries, Block keys, Block values, Block mixed) {}

    /** Converts products of queries and keys to weights. */
    @FunctionalInterface
    public interface Weighing {
        /**
         * Converts scores to weights in place.
         *
         * @param first index of the first row's query
         * @param scores scores, [queries, keys], stored at the start of their array without gaps
         */
        void weigh(int head, int first, Block scores);
    }

    private record Tile(Sequence sequence, int from, int to) {}

    /** Attends from every query to all keys in its sequence, with weights softmax(scores / sqrt(headWidth)). */
    public void attend(List<Sequence> sequences) {
        attend(sequences, (head, first, scores) -> {
            int keys = scores.columns();
            for (int i = 0; i < scores.rows(); i++) kernels.softmax(scores.data(), i * keys, keys, scale());
        });
    }

    /** Attends from every query to all keys in its sequence, with custom weights. */
    public void attend(List<Sequence> sequences, Weighing weighing) {
        List<Tile> tiles = tiles(sequences);
        Queue<float[]> free = new ConcurrentLinkedQueue<>(); // score arrays, one for each working thread
        kernels.pool().forEach(tiles.size() * heads, piece -> {
            Tile tile = tiles.get(piece / heads);
            int values = (tile.to - tile.from) * tile.sequence.keys().rows();
            float[] scores = free.poll();
            if (scores == null || scores.length < values) scores = new float[values];
            attend(tile, piece % heads, scores, weighing);
            free.add(scores);
        });
    }

    /** Returns the factor applied to the scores before the softmax. */
    public float scale() {
        return (float) (1 / Math.sqrt(headWidth));
    }

    /** Returns one head's columns. */
    public Block head(Block x, int head) {
        return x.columns(head * headWidth, (head + 1) * headWidth);
    }

    private static List<Tile> tiles(List<Sequence> sequences) {
        List<Tile> tiles = new ArrayList<>();
        for (Sequence sequence : sequences) {
            int queries = sequence.queries().rows();
            int equal = Math.ceilDiv(queries, Math.max(1, Math.ceilDiv(queries, QUERIES)));
            int length = Math.ceilDiv(equal, TOGETHER) * TOGETHER;
            for (int from = 0; from < queries; from += length) {
                tiles.add(new Tile(sequence, from, Math.min(queries, from + length)));
            }
        }
        return tiles;
    }

    private void attend(Tile tile, int head, float[] array, Weighing weighing) {
        Sequence sequence = tile.sequence;
        Block queries = sequence.queries().rows(tile.from, tile.to);
        Block mixed = sequence.mixed().rows(tile.from, tile.to);
        Block scores = Block.of(array, queries.rows(), sequence.keys().rows());
        kernels.multiplyTransposed(head(queries, head), head(sequence.keys(), head), scores);
        weighing.weigh(head, tile.from, scores);
        kernels.multiply(scores, head(sequence.values(), head), head(mixed, head));
    }
}
