package sparrow.engine.exit;

import java.util.List;
import sparrow.engine.kernel.Kernels;

/**
 * Predicts tokens from the residual stream after one layer: a whole head, or the part of one that some tokens need.
 *
 * <p>Safe for several threads, each with a {@link HeadScratch} of its own.
 */
public sealed interface Head permits ExitHead, PartialHead {
    /** The layer, from 1. */
    int layer();

    /** Bytes of weights that one use reads. */
    long bytes();

    /**
     * Logits of several positions; the rows are read once for all of them.
     *
     * @param hidden residual streams after {@link #layer}, each [width]
     * @param scratch what is worked in; the logits of a single position stay in it and are valid until it is used again
     */
    List<Logits> logits(Kernels kernels, List<float[]> hidden, HeadScratch scratch);

    /** {@link #logits(Kernels, List, HeadScratch)} in memory of their own. */
    default List<Logits> logits(Kernels kernels, List<float[]> hidden) {
        return logits(kernels, hidden, new HeadScratch());
    }
}
