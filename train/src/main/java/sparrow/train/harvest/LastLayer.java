package sparrow.train.harvest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.transformer.Logits;

/** Computes the last layer's distributions at positions from their hidden states. */
final class LastLayer {
    /** Number of positions whose logits are computed together. */
    private static final int POSITIONS = 64;

    private final LanguageModel model;

    LastLayer(LanguageModel model) {
        this.model = model;
    }

    /**
     * The distribution at one position.
     *
     * @param choice likeliest token that may be chosen, or the lowest id of several such tokens
     * @param tokens likeliest tokens, in descending order of probability
     * @param logs natural logarithms of their probabilities
     * @param others total probability of all other tokens
     */
    record Distribution(int choice, int[] tokens, float[] logs, float others) {}

    /**
     * Returns the distributions of layer L's head.
     *
     * @param hidden residual streams after layer L, each [width]
     * @param top number of tokens to return for each position
     */
    List<Distribution> distributions(List<float[]> hidden, int top) {
        List<Distribution> distributions = new ArrayList<>();
        for (int from = 0; from < hidden.size(); from += POSITIONS) {
            List<float[]> some = hidden.subList(from, Math.min(hidden.size(), from + POSITIONS));
            for (Logits logits : model.heads().full().logits(model.transformer(), some)) {
                distributions.add(distribution(logits, top));
            }
        }
        return distributions;
    }

    private Distribution distribution(Logits logits, int top) {
        double logSum = logits.logSumExp();
        int[] tokens = likeliest(logits.values(), top);
        float[] logs = new float[top];
        double kept = 0;
        for (int i = 0; i < top; i++) {
            logs[i] = (float) (logits.values()[tokens[i]] - logSum);
            kept += Math.exp(logs[i]);
        }
        return new Distribution(logits.best(model.tokens().usable()), tokens, logs, (float) Math.max(0, 1 - kept));
    }

    /** Returns the tokens with the largest scores in descending order. Equal scores are ordered by ascending id. */
    private static int[] likeliest(float[] logits, int top) {
        if (top == 0) return new int[0];
        // Each word consists of a number that increases with the score and the inverted id, so the largest words are
        // the likeliest tokens.
        long[] words = new long[logits.length];
        for (int token = 0; token < logits.length; token++) {
            int bits = Float.floatToRawIntBits(logits[token]);
            int rank = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
            words[token] = (long) rank << 32 | Integer.MAX_VALUE - token;
        }
        Arrays.sort(words);
        int[] tokens = new int[top];
        for (int i = 0; i < top; i++) tokens[i] = Integer.MAX_VALUE - (int) words[words.length - 1 - i];
        return tokens;
    }
}
