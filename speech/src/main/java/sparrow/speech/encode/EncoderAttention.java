package sparrow.speech.encode;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;

/**
 * Attention in which a frame sees, of the frames that were heard, those that the mask allows. All queries of a block see
 * the same prefix of keys, and a block of one head is two plain matrix products.
 */
final class EncoderAttention {
    /** Queries that are scored together at most, however large the blocks are: bounds the scores' memory. */
    private static final int TILE_FRAMES = 256;

    private final Kernels kernels;
    private final int heads;
    private final int headWidth;
    private final AttentionMask mask;
    private final float scale;

    EncoderAttention(EncoderShape shape, Kernels kernels) {
        this.kernels = kernels;
        heads = shape.heads();
        headWidth = shape.headWidth();
        mask = shape.mask();
        scale = (float) (1 / Math.sqrt(headWidth));
    }

    /**
     * Attends in every head.
     *
     * @param qkv [frames, 3 * width]: queries, keys and values
     * @param heard frames that are sound, not padding: the first ones, at least one
     * @param attended [frames, width]; written
     */
    void attend(Block qkv, int heard, Block attended) {
        int blockFrames = mask.blockFrames(qkv.rows());
        int tileFrames = Math.min(blockFrames, TILE_FRAMES);
        int tilesPerBlock = Math.ceilDiv(blockFrames, tileFrames);
        int tiles = Math.ceilDiv(qkv.rows(), blockFrames) * tilesPerBlock;
        Queue<float[]> free = new ConcurrentLinkedQueue<>(); // score arrays, one for each thread that takes part
        kernels.pool().forEach(heads * tiles, piece -> {
            int tile = piece / heads;
            int block = tile / tilesPerBlock * blockFrames;
            int from = block + tile % tilesPerBlock * tileFrames;
            int to = Math.min(Math.min(from + tileFrames, block + blockFrames), qkv.rows());
            if (from >= to) return;
            int seen = Math.min(block + blockFrames, heard);
            float[] scores = free.poll();
            if (scores == null) scores = new float[Math.min(tileFrames, qkv.rows()) * heard];
            attend(qkv, piece % heads, from, Block.of(scores, to - from, seen), attended);
            free.add(scores);
        });
    }

    /** Queries from frame {@code from} on, of one head, as many as {@code scores} has rows, over its columns as keys. */
    private void attend(Block qkv, int head, int from, Block scores, Block attended) {
        int width = heads * headWidth;
        int column = head * headWidth;
        Block queries = qkv.columns(column, column + headWidth).rows(from, from + scores.rows());
        Block keys = qkv.columns(width + column, width + column + headWidth).rows(0, scores.columns());
        Block values =
                qkv.columns(2 * width + column, 2 * width + column + headWidth).rows(0, scores.columns());
        kernels.multiplyTransposed(queries, keys, scores);
        for (int r = 0; r < scores.rows(); r++) {
            kernels.softmax(scores.data(), r * scores.columns(), scores.columns(), scale);
        }
        kernels.multiply(
                scores, values, attended.columns(column, column + headWidth).rows(from, from + scores.rows()));
    }
}
