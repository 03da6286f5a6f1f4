package sparrow.engine.transformer;

import java.util.List;
import sparrow.engine.kernel.Weight;

/**
 * Rows of matrices whose products with a state are scores of tokens: scores = W f(T state). A part that is not wanted is null,
 * as the kernels take it.
 *
 * @param translator T, [width, width], or null for none
 * @param norm weight of the RMS norm f, [width], or null for none
 * @param normEpsilon inside that norm's root
 * @param parts W, parts one below the other, each of width columns
 * @param tokens token id of each row, or null where row n is token n
 * @param masked rows that are computed for nothing, for a weight is not cut everywhere: their score is negative infinity
 */
public record ScoreRows(
        Linear translator, float[] norm, float normEpsilon, List<Weight> parts, int[] tokens, int[] masked) {
    public ScoreRows {
        parts = List.copyOf(parts);
    }

    /** Scores of a position. */
    public int count() {
        int count = 0;
        for (Weight part : parts) count += part.rows();
        return count;
    }

    /** Bytes of weights that one use reads. */
    public long bytes() {
        long bytes = translator == null ? 0 : translator.weight().bytes();
        for (Weight part : parts) bytes += part.bytes();
        return bytes;
    }
}
