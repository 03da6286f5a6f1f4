package sparrow.train.harvest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.transformer.Logits;

/** The last layer's distributions at positions whose hidden state it is given. */
final class LastLayer {
    /** Positions whose logits are computed at once. */
    private static final int POSITIONS = 64;

    private final LanguageModel model;

    LastLayer(LanguageModel model) {
        this.model = model;
    }

    /**
     * One position.
     *
     * @param choice the likeliest token that may be chosen, the lowest id on ties
     * @param tokens the likeliest tokens of all, the likeliest first
     * @param logs natural logarithms of their probabilities
     * @param others probability of all other tokens
     */
    record Distribution(int choice, int[] tokens, float[] logs, float others) {}

    /**
     * The distributions of the head of layer L.
     *
     * @param hidden residual streams after layer L, each [width]
     * @param top tokens to keep of each
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

    /** Tokens of the largest scores, the largest first; the lowest ids where scores are equal. */
    private static int[] likeliest(float[] logits, int top) {
        if (top == 0) return new int[0];
        // The score as a number that grows with it, then the id from the end: the largest words are the likeliest.
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
