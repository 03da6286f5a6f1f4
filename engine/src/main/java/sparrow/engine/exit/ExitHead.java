package sparrow.engine.exit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Transformer;

/**
 * Predicts a token from the residual stream after {@code layer}: logits = W f(T h), where f is the model's final norm or
 * the identity, and T an affine translator or the identity. With a translator and the model's own output matrix as W it
 * is a tuned lens (arXiv 2303.08112). The model's own output matrix alone is the head of layer L. A part that a head does
 * without is null, as the kernels take it: this is the inner loop's view of a head, made by {@link ExitHeads}.
 *
 * @param layer from 1
 * @param weight [rows, width]; one row per token that the head knows
 * @param tokens token id of each row, or null where the head covers the whole vocabulary
 * @param norm weight of the RMS norm before the matrix, [width], or null for none
 * @param normEpsilon inside that norm's root
 * @param translator [width, width], what the hidden state goes through before the norm, or null for none
 */
public record ExitHead(int layer, Weight weight, int[] tokens, float[] norm, float normEpsilon, Linear translator)
        implements Head {
    public ExitHead {
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
    public long bytes() {
        return weight.bytes() + translatorBytes();
    }

    /** Bytes of the translator that one use reads. */
    long translatorBytes() {
        return translator == null ? 0 : translator.weight().bytes();
    }

    @Override
    public List<Logits> logits(Kernels kernels, List<float[]> hidden, HeadScratch scratch) {
        Block scores = scratch.scores(hidden.size(), weight.rows());
        kernels.linear(inputs(kernels, hidden, scratch), weight, null, scores);
        return Logits.ofRows(scores, tokens);
    }

    /** What the matrix is applied to: the hidden states, each [width], after translator and norm if there are any. */
    public List<float[]> normed(Kernels kernels, List<float[]> hidden) {
        Block states = inputs(kernels, hidden, new HeadScratch());
        return IntStream.range(0, hidden.size())
                .mapToObj(r -> Arrays.copyOfRange(states.data(), r * states.columns(), (r + 1) * states.columns()))
                .toList();
    }

    /** The hidden states after translator and norm, [positions, width]. */
    Block inputs(Kernels kernels, List<float[]> hidden, HeadScratch scratch) {
        int width = weight.columns();
        float[] x = scratch.states(hidden.size() * width);
        for (int r = 0; r < hidden.size(); r++) System.arraycopy(hidden.get(r), 0, x, r * width, width);
        Block states = Block.of(x, hidden.size(), width);
        if (translator != null) states = translated(kernels, states, scratch);
        if (norm != null) kernels.rmsNorm(states, norm, normEpsilon, states);
        return states;
    }

    private Block translated(Kernels kernels, Block states, HeadScratch scratch) {
        Block translated =
                Block.of(scratch.translated(states.rows() * states.columns()), states.rows(), states.columns());
        translator.apply(kernels, states, translated);
        return translated;
    }
}
