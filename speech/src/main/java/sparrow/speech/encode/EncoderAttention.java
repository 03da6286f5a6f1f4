package sparrow.speech.encode;

import java.util.ArrayList;
import java.util.List;
import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.TiledAttention;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Attention from each frame to the valid frames that the mask allows. All queries in a block attend to the same prefix
 * of keys, so each block is processed like a separate sequence.
 */
final class EncoderAttention {
    private final TiledAttention attention;
    private final AttentionMask mask;

    EncoderAttention(EncoderShape shape, Kernels kernels) {
        attention = new TiledAttention(kernels, shape.heads(), shape.headWidth());
        mask = shape.mask();
    }

    /**
     * Computes the attention of all heads.
     *
     * @param qkv queries, keys and values, [frames, 3 * width]
     * @param valid number of leading frames that are not padding, at least 1
     * @param attended block that receives the result, [frames, width]
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
