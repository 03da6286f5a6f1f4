package sparrow.engine.head;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;
import sparrow.tensor.kernel.Weight;

/**
 * Predicts tokens from the hidden state h after a layer (SPAR-K, section 4.2.2, Eq. 2): logits = W f(T h). The function
 * f is the model's final norm or the identity, and T is an affine translator or the identity. A head with a translator
 * whose W is the model's own output matrix is a tuned lens (arXiv 2303.08112). The head of layer L consists of the
 * model's own norm and output matrix.
 *
 * <p>Instances are immutable and safe for use by multiple threads, each with its own {@link HeadKernel}.
 *
 * @param layer layer after which the head makes predictions, from 1 to L
 * @param weights translator, norm and matrix
 */
public record ExitHead(int layer, HeadWeights weights) {
    /**
     * Creates a head with one matrix.
     *
     * @param layer layer after which the head makes predictions, counted from 1
     * @param weight W, [rows, width]; one row per token of the head
     * @param tokens token id of each row, or null if the head covers the entire vocabulary
     * @param norm weight of the RMS norm before the matrix, [width], or null if there is none
     * @param normEpsilon value added to the mean square inside the root of the norm
     * @param translator T, [width, width], or null if there is none
     * @throws IllegalArgumentException if the layer is below 1 or the shapes do not match
     */
    public ExitHead(int layer, Weight weight, int[] tokens, float[] norm, float normEpsilon, Linear translator) {
        this(layer, new HeadWeights(translator, norm, normEpsilon, weight, tokens));
        if (layer < 1) throw new IllegalArgumentException("exit head: expected a layer of 1 or more, got " + layer);
        int width = weight.columns();
        if (tokens != null && tokens.length != weight.rows()) {
            throw mismatch(weight.rows() + " rows for " + tokens.length + " token ids");
        }
        if (norm != null && norm.length != width) {
            throw mismatch("norm of " + norm.length + " for a width of " + width);
        }
        if (translator != null
                && (translator.weight().columns() != width
                        || translator.weight().rows() != width)) {
            throw mismatch("translator of " + translator.weight().rows() + " x "
                    + translator.weight().columns() + " for a width of " + width);
        }
    }

    /** Creates a head with one matrix and no translator. */
    public ExitHead(int layer, Weight weight, int[] tokens, float[] norm, float normEpsilon) {
        this(layer, weight, tokens, norm, normEpsilon, null);
    }

    /**
     * Returns a head with the model's own final norm and output matrix. For a layer below L, this is the logit lens.
     */
    public static ExitHead ofOutput(int layer, Transformer transformer) {
        float epsilon = transformer.config().normEpsilon();
        return new ExitHead(layer, transformer.output(), null, transformer.finalNorm(), epsilon);
    }

    private IllegalArgumentException mismatch(String found) {
        return new IllegalArgumentException("exit head of layer " + layer + ": " + found);
    }

    /** Returns the token id of each row, or null if the head covers the entire vocabulary. */
    public int[] tokens() {
        return weights.tokens();
    }

    /** Returns the number of weight bytes that one use reads. */
    public long bytes() {
        return weights.bytes();
    }

    /**
     * Computes the logits of several positions. The weights are read once for all positions.
     *
     * @param kernel kernel that computes the logits; the logits are valid until the kernel is used again
     * @param states hidden states after {@link #layer}
     */
    public List<Logits> logits(HeadKernel kernel, List<HiddenState> states) {
        return kernel.logits(weights, states);
    }

    /**
     * Computes the logits of hidden states in arrays.
     *
     * @param hidden hidden states after {@link #layer}, each [width]
     */
    public List<Logits> logits(Transformer transformer, List<float[]> hidden) {
        return logits(
                transformer.newHeadKernel(),
                hidden.stream().map(transformer::state).toList());
    }

    /**
     * Returns a head that predicts only the allowed tokens and reads only their rows. A weight can be split only at
     * multiples of {@link Weight#ROW_GROUP} rows, so a few other rows are also computed, but their logits are masked.
     * The allowed tokens' logits are bit-identical to this head's logits.
     *
     * @param allowed allowed token ids, at least 1
     * @return the restricted head, or this head if all its tokens are allowed
     * @throws IllegalArgumentException if this head does not cover the vocabulary, or if an id is outside the
     *     vocabulary
     */
    public ExitHead restrictedTo(BitSet allowed) {
        if (tokens() != null) {
            throw new IllegalArgumentException("head of layer " + layer
                    + ": expected a head of the entire vocabulary, got one that is already restricted");
        }
        Weight whole = weights.parts().getFirst();
        if (allowed.isEmpty() || allowed.length() > whole.rows()) {
            throw new IllegalArgumentException("head of layer " + layer + ": expected 1 or more of its " + whole.rows()
                    + " tokens, got " + allowed.cardinality() + " up to id " + (allowed.length() - 1));
        }
        List<Weight> parts = new ArrayList<>();
        IntStream.Builder ids = IntStream.builder();
        for (int from = groupStart(allowed.nextSetBit(0)); from >= 0; ) {
            int to = runEnd(whole, allowed, from);
            parts.add(whole.rows(from, to));
            for (int id = from; id < to; id++) ids.add(id);
            from = groupStart(allowed.nextSetBit(to));
        }
        int[] tokens = ids.build().toArray();
        int[] masked = IntStream.range(0, tokens.length)
                .filter(row -> !allowed.get(tokens[row]))
                .toArray();
        if (masked.length == 0 && tokens.length == whole.rows()) return this;
        return new ExitHead(
                layer,
                new HeadWeights(weights.translator(), weights.norm(), weights.normEpsilon(), parts, tokens, masked));
    }

    /** Returns the first row of the row group that contains a row, or -1 if the row is -1. */
    private static int groupStart(int row) {
        return row < 0 ? row : row - row % Weight.ROW_GROUP;
    }

    /**
     * Returns the end of the run of adjacent row groups that starts at a row. Each group in the run contains an allowed
     * row.
     */
    private static int runEnd(Weight whole, BitSet allowed, int from) {
        int to = from;
        while (to < whole.rows() && groupStart(allowed.nextSetBit(to)) == to) to += Weight.ROW_GROUP;
        return Math.min(to, whole.rows());
    }
}
