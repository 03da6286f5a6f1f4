package sparrow.engine.exit;

import java.util.List;
import sparrow.engine.kernel.Weight;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.ScoreRows;
import sparrow.engine.transformer.Transformer;

/**
 * Predicts a token from the residual stream after {@code layer}: logits = W f(T h), where f is the model's final norm or
 * the identity, and T an affine translator or the identity. With a translator and the model's own output matrix as W it
 * is a tuned lens (arXiv 2303.08112). The model's own output matrix alone is the head of layer L. A part that a head does
 * without is null, as the kernels take it: this is the inner loop's view of a head, made by {@link ExitHeads}.
 */
public final class ExitHead implements Head {
    private static final int[] NONE_MASKED = {};

    private final int layer;
    private final ScoreRows rows;

    /**
     * @param layer from 1
     * @param weight [rows, width]; one row per token that the head knows
     * @param tokens token id of each row, or null where the head covers the whole vocabulary
     * @param norm weight of the RMS norm before the matrix, [width], or null for none
     * @param normEpsilon inside that norm's root
     * @param translator [width, width], what the hidden state goes through before the norm, or null for none
     */
    public ExitHead(int layer, Weight weight, int[] tokens, float[] norm, float normEpsilon, Linear translator) {
        if (layer < 1) throw new IllegalArgumentException("exit head: expected a layer of 1 or more, got " + layer);
        if (tokens != null && tokens.length != weight.rows()) {
            throw new IllegalArgumentException(
                    "exit head of layer " + layer + ": " + weight.rows() + " rows for " + tokens.length + " token ids");
        }
        if (norm != null && norm.length != weight.columns()) {
            throw new IllegalArgumentException(
                    "exit head of layer " + layer + ": norm of " + norm.length + " for a width of " + weight.columns());
        }
        if (translator != null
                && (translator.weight().columns() != weight.columns()
                        || translator.weight().rows() != weight.columns())) {
            throw new IllegalArgumentException("exit head of layer " + layer + ": translator of "
                    + translator.weight().rows() + " x " + translator.weight().columns() + " for a width of "
                    + weight.columns());
        }
        this.layer = layer;
        this.rows = new ScoreRows(translator, norm, normEpsilon, List.of(weight), tokens, NONE_MASKED);
    }

    /** The model's own final norm and output matrix; on a layer below the last one they are the logit lens. */
    public static ExitHead ofOutput(int layer, Transformer transformer) {
        float epsilon = transformer.config().normEpsilon();
        return new ExitHead(layer, transformer.output(), null, transformer.finalNorm(), epsilon);
    }

    /** A head without a translator. */
    public ExitHead(int layer, Weight weight, int[] tokens, float[] norm, float normEpsilon) {
        this(layer, weight, tokens, norm, normEpsilon, null);
    }

    @Override
    public int layer() {
        return layer;
    }

    @Override
    public ScoreRows rows() {
        return rows;
    }

    /** W, [rows, width]. */
    public Weight weight() {
        return rows.parts().getFirst();
    }

    /** Token id of each row, or null where the head covers the whole vocabulary. */
    public int[] tokens() {
        return rows.tokens();
    }
}
