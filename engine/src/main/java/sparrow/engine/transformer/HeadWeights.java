package sparrow.engine.transformer;

import java.util.List;
import sparrow.tensor.kernel.Weight;

/**
 * The weights of a head, which computes logits = W f(T state). An absent part is null, as the kernels expect.
 *
 * @param translator T, [width, width], or null for none
 * @param norm weight of the RMS norm f, [width], or null for none
 * @param normEpsilon number added to the mean square inside the root of the norm
 * @param parts W as blocks of rows, each [rows, width], in order
 * @param tokens token id of each row, or null if row n is token n
 * @param masked padding rows of {@link Weight#ROW_GROUP row groups}; their logit is negative infinity
 */
public record HeadWeights(
        Linear translator, float[] norm, float normEpsilon, List<Weight> parts, int[] tokens, int[] masked) {
    private static final int[] NONE_MASKED = {};

    public HeadWeights {
        parts = List.copyOf(parts);
    }

    /** The weights of one matrix with a row for each token, or for each of {@code tokens}. */
    public HeadWeights(Linear translator, float[] norm, float normEpsilon, Weight weight, int[] tokens) {
        this(translator, norm, normEpsilon, List.of(weight), tokens, NONE_MASKED);
    }

    /** Number of rows of W, and of logits of a position. */
    public int rows() {
        int rows = 0;
        for (Weight part : parts) rows += part.rows();
        return rows;
    }

    /** Bytes of weights that one use reads. */
    public long bytes() {
        long bytes = translator == null ? 0 : translator.weight().bytes();
        for (Weight part : parts) bytes += part.bytes();
        return bytes;
    }
}
