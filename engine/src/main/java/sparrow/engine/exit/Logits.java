package sparrow.engine.exit;

import java.util.BitSet;
import java.util.OptionalInt;
import sparrow.engine.transformer.Scores;

/**
 * Scores of the tokens that a head knows. They lie where the head was computed: {@link #best} and {@link #entropy} bring one
 * number from there, a look at a single row brings all. For one thread at a time.
 */
public final class Logits {
    private final Scores scores;
    private final int[] tokens;

    /** All scores; null until they are asked for. */
    private float[] values;

    /**
     * @param values one score per row of the head; kept
     * @param tokens token id of each row, or null where row n is token n
     */
    public Logits(float[] values, int[] tokens) {
        this(Scores.of(values, tokens));
    }

    Logits(Scores scores) {
        this.scores = scores;
        this.tokens = scores.tokens();
    }

    /** One score per row of the head; they may lie in memory that the head's next use overwrites. */
    public float[] values() {
        if (values == null) values = scores.values();
        return values;
    }

    /** Token id of each row, or null where row n is token n. */
    public int[] tokens() {
        return tokens;
    }

    /** Token id of a row. */
    public int token(int row) {
        return tokens == null ? row : tokens[row];
    }

    /** These scores, but only of some tokens: the others have no chance. */
    public Logits only(BitSet allowed) {
        float[] masked = values().clone();
        for (int row = 0; row < masked.length; row++) {
            if (!allowed.get(token(row))) masked[row] = Float.NEGATIVE_INFINITY;
        }
        return new Logits(masked, tokens);
    }

    /**
     * Refuses scores that no choice can be made from: damaged weights must not speak.
     *
     * @param layer the layer whose head they are of
     * @throws DamagedWeightsException if one is NaN or positive infinity, or all of them are negative infinity
     */
    public void requireNumbers(int layer) {
        if (Float.isFinite(scores.largest())) return;
        float[] all = values();
        int row = 0;
        while (row < all.length && all[row] < Float.POSITIVE_INFINITY) row++;
        throw damaged(layer, row < all.length ? row : 0);
    }

    private DamagedWeightsException damaged(int layer, int row) {
        return new DamagedWeightsException("logits after layer " + layer + ": expected numbers, got " + values()[row]
                + " for token " + token(row) + "; weights of this layer's head or of a layer below are damaged");
    }

    /** Shannon entropy of the softmax, in nats. */
    public double entropy() {
        return scores.entropy();
    }

    /**
     * The token of the largest score, the lowest id on ties.
     *
     * @param usable ids from this one on are padding and never chosen
     * @throws IllegalArgumentException if all of them are padding
     */
    public int best(int usable) {
        return scores.best(usable);
    }

    /**
     * Place of a token among those that may be chosen, from 0: how many of them {@link #best} would rather choose.
     *
     * @param usable ids from this one on are padding
     * @return empty if the head does not know the token
     */
    public OptionalInt rank(int token, int usable) {
        int its = row(token);
        if (its < 0) return OptionalInt.empty();
        float[] all = values();
        int rank = 0;
        for (int row = 0; row < all.length; row++) {
            boolean before = all[row] > all[its] || all[row] == all[its] && token(row) < token;
            if (token(row) < usable && before) rank++;
        }
        return OptionalInt.of(rank);
    }

    /**
     * The distance in nats by which a token is less likely than {@link #best}: 0 for the likeliest, infinite if the head does not know it.
     *
     * @param usable ids from this one on are padding
     */
    public double natsBelowBest(int token, int usable) {
        int its = row(token);
        if (its < 0) return Double.POSITIVE_INFINITY;
        // All scores are brought from where they lie only if they have to be.
        if (scores.best(usable) == token) return 0;
        float[] all = values();
        double largest = Double.NEGATIVE_INFINITY;
        for (int row = 0; row < all.length; row++) {
            if (token(row) < usable) largest = Math.max(largest, all[row]);
        }
        return largest - all[its];
    }

    private int row(int token) {
        if (tokens == null) return token;
        for (int row = 0; row < tokens.length; row++) if (tokens[row] == token) return row;
        return -1;
    }

    /** ln of the sum of e^score over all rows: a token's score less this is the logarithm of its probability. */
    public double logSumExp() {
        float[] all = values();
        double largest = Double.NEGATIVE_INFINITY;
        for (float value : all) largest = Math.max(largest, value);
        double sum = 0;
        for (float value : all) sum += Math.exp(value - largest);
        return largest + Math.log(sum);
    }

    /**
     * Kullback-Leibler divergence of this softmax q from another, p: the sum of p (ln p - ln q), in nats.
     *
     * @param target scores of p, one row per token; where this head knows some tokens only, p is that of these tokens
     */
    public double divergenceFrom(Logits target) {
        float[] own = values();
        float[] targets = target.values();
        float[] its = new float[own.length];
        for (int row = 0; row < its.length; row++) its[row] = targets[token(row)];
        double logSum = logSumExp();
        double itsLogSum = new Logits(its, tokens).logSumExp();
        double divergence = 0;
        for (int row = 0; row < its.length; row++) {
            double log = its[row] - itsLogSum;
            // The limit of p ln p at 0 is 0.
            if (Math.exp(log) > 0) divergence += Math.exp(log) * (log - (own[row] - logSum));
        }
        return Math.max(0, divergence); // below only by rounding
    }
}
