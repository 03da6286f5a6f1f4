package sparrow.engine.transformer;

import java.util.List;
import sparrow.tensor.kernel.Weight;

/**
 * The weights of a head, which computes logits = W f(T state). Absent parts are null, as expected by the kernels.
 *
 * @param translator T, [width, width], or null if there is none
 * @param norm weight of the RMS norm f, [width], or null if there is none
 * @param normEpsilon number added to the mean square inside the root of the norm
 * @param parts row blocks of W in order, each [rows, width]
 * @param tokens token id of each row, or null if row n is token n
 * @param masked padding rows of {@link Weight#ROW_GROUP row groups}; their logit is negative infinity
 */
public record HeadWeights(
        Linear translator, float[] norm, float normEpsilon, List<Weight> parts, int[] tokens, int[] masked) {
    private static final int[] NONE_MASKED = {};

    public HeadWeights {
        parts = List.copyOf(parts);
    }

    /** Creates the weights of one matrix with a row for each token or for each of {@code tokens}. */
    public HeadWeights(Linear translator, float[] norm, float normEpsilon, Weight weight, int[] tokens) {
        this(translator, norm, normEpsilon, List.of(weight), tokens, NONE_MASKED);
    }

    /** Returns the number of rows in W, which is also the number of logits per position. */
    public int rows() {
        int rows = 0;
        for (Weight part : parts) rows += part.rows();
        return rows;
    }

    /** Returns the number of weight bytes that are read to compute logits. */
    public long bytes() {
        long bytes = translator == null ? 0 : translator.weight().bytes();
        for (Weight part : parts) bytes += part.bytes();
        return bytes;
    }
}
