package sparrow.speech.encode;

import java.util.ArrayList;
import java.util.List;
import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.TiledAttention;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Attention of a frame to those valid frames that the mask allows. All queries of a block attend to the same prefix of
 * keys, so that a block is like a sequence of its own.
 */
final class EncoderAttention {
    private final TiledAttention attention;
    private final AttentionMask mask;

    EncoderAttention(EncoderShape shape, Kernels kernels) {
        attention = new TiledAttention(kernels, shape.heads(), shape.headWidth());
        mask = shape.mask();
    }

    /**
     * Attends in every head.
     *
     * @param qkv [frames, 3 * width]: queries, keys and values
     * @param valid frames that are sound, not padding: the first ones, at least one
     * @param attended [frames, width]; written
     */
    void attend(Block qkv, int valid, Block attended) {
        int width = attended.columns();
        int blockFrames = mask.blockRows(qkv.rows());
        List<TiledAttention.Sequence> blocks = new ArrayList<>();
        for (int from = 0; from < qkv.rows(); from += blockFrames) {
            int to = Math.min(from + blockFrames, qkv.rows());
            Block seen = qkv.rows(0, Math.min(from + blockFrames, valid));
            blocks.add(new TiledAttention.Sequence(
                    qkv.columns(0, width).rows(from, to),
                    seen.columns(width, 2 * width),
                    seen.columns(2 * width, 3 * width),
                    attended.rows(from, to)));
        }
        attention.attend(blocks);
    }
}
