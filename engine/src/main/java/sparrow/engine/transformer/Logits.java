package sparrow.engine.transformer;

import java.util.BitSet;
import java.util.OptionalInt;

/**
 * The logits of one position, which are scores for each token of a head. The scores remain in the memory of the device
 * that computed them: {@link #best}, {@link #largest} and {@link #entropy} transfer one number, and the other methods
 * transfer all scores. Each method waits until the scores are computed. Logits are valid until the {@link HeadKernel}
 * is used again. They must be used by one thread at a time.
 */
public interface Logits {
    /**
     * Creates logits in JVM memory.
     *
     * @param values one score per row of the head; not copied
     * @param tokens token id of each row, or null if row n is token n
     * @throws IllegalArgumentException if the numbers of scores and token ids differ
     */
    static Logits of(float[] values, int[] tokens) {
        if (tokens != null && tokens.length != values.length) {
            throw new IllegalArgumentException(
                    "logits: " + values.length + " values for " + tokens.length + " token ids");
        }
        return new HostLogits(values, tokens);
    }

    /** Returns the token id of each row, or null if row n is token n. */
    int[] tokens();

    /** Returns all scores, one per row of the head. */
    float[] values();

    /** Returns the largest score, or NaN if a score is not a number. */
    float largest();

    /**
     * Returns the token with the largest score, or the lowest id of several such tokens.
     *
     * @param usable first padding id; this and larger ids are never chosen
     * @throws IllegalArgumentException if all tokens are padding
     */
    int best(int usable);

    /** Returns the Shannon entropy of the softmax, in nats. */
    double entropy();

    /** Returns the token id of a row. */
    default int token(int row) {
        return tokens() == null ? row : tokens()[row];
    }

    /** Returns a copy in which all tokens that are not allowed have a score of negative infinity. */
    default Logits restrictedTo(BitSet allowed) {
        float[] masked = values().clone();
        for (int row = 0; row < masked.length; row++) {
            if (!allowed.get(token(row))) masked[row] = Float.NEGATIVE_INFINITY;
        }
        return of(masked, tokens());
    }

    /**
     * Checks that a token can be chosen.
     *
     * @param layer layer whose head computed the scores
     * @throws DamagedWeightsException if a score is NaN or positive infinity, or if all scores are negative infinity
     */
    default void requireNumbers(int layer) {
        if (Float.isFinite(largest())) return;
        float[] all = values();
        int row = 0;
        while (row < all.length && all[row] < Float.POSITIVE_INFINITY) row++;
        if (row == all.length) row = 0;
        throw new DamagedWeightsException("logits after layer " + layer + ": expected numbers, got " + all[row]
                + " for token " + token(row) + "; weights of this layer's head or of a layer below are damaged");
    }

    /**
     * Returns the number of usable tokens that {@link #best} prefers to a token.
     *
     * @param usable first padding id; this and larger ids are padding
     * @return number of tokens, or empty if the head does not cover the token
     */
    default OptionalInt rank(int token, int usable) {
        int tokenRow = row(token);
        if (tokenRow < 0) return OptionalInt.empty();
        float[] all = values();
        int rank = 0;
        for (int row = 0; row < all.length; row++) {
            boolean before = all[row] > all[tokenRow] || all[row] == all[tokenRow] && token(row) < token;
            if (token(row) < usable && before) rank++;
        }
        return OptionalInt.of(rank);
    }

    /**
     * Returns the difference between the log probabilities of {@link #best} and a token, in nats. It is 0 for the
     * likeliest token and infinity if the head does not cover the token.
     *
     * @param usable first padding id; this and larger ids are padding
     */
    default double natsBelowBest(int token, int usable) {
        int tokenRow = row(token);
        if (tokenRow < 0) return Double.POSITIVE_INFINITY;
        // Avoid reading all scores in the common case.
        if (best(usable) == token) return 0;
        float[] all = values();
        double largest = Double.NEGATIVE_INFINITY;
        for (int row = 0; row < all.length; row++) {
            if (token(row) < usable) largest = Math.max(largest, all[row]);
        }
        return largest - all[tokenRow];
    }

    private int row(int token) {
        int[] tokens = tokens();
        if (tokens == null) return token;
        for (int row = 0; row < tokens.length; row++) if (tokens[row] == token) return row;
        return -1;
    }

    /**
     * Returns the natural logarithm of the sum of e^score over all rows. A token's log probability is its score minus
     * this value.
     */
    default double logSumExp() {
        float[] all = values();
        double largest = Double.NEGATIVE_INFINITY;
        for (float value : all) largest = Math.max(largest, value);
        double sum = 0;
        for (float value : all) sum += Math.exp(value - largest);
        return largest + Math.log(sum);
    }

    /** Returns a token's probability in the softmax over all rows, or 0 if the head does not cover the token. */
    default double probability(int token) {
        int row = row(token);
        return row < 0 ? 0 : Math.exp(values()[row] - logSumExp());
    }

    /**
     * Returns the Kullback-Leibler divergence of this softmax q from a target softmax p: the sum of p (ln p - ln q), in
     * nats.
     *
     * @param target scores of p, one row per token; if this head does not cover all tokens, p is restricted to the
     *     head's tokens
     */
    default double divergenceFrom(Logits target) {
        float[] scores = values();
        float[] targets = target.values();
        float[] targetScores = new float[scores.length];
        for (int row = 0; row < targetScores.length; row++) targetScores[row] = targets[token(row)];
        double logSum = logSumExp();
        double targetLogSum = of(targetScores, tokens()).logSumExp();
        double divergence = 0;
        for (int row = 0; row < targetScores.length; row++) {
            double log = targetScores[row] - targetLogSum;
            // The limit of p ln p at 0 is 0.
            if (Math.exp(log) > 0) divergence += Math.exp(log) * (log - (scores[row] - logSum));
        }
        return Math.max(0, divergence); // negative values are caused only by rounding
    }
}
