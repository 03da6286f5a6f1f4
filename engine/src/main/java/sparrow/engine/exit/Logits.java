package sparrow.engine.exit;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import sparrow.engine.kernel.Block;

/**
 * Scores of the tokens that a head knows.
 *
 * @param values one score per row of the head; they may lie in scratch memory that the head's next use overwrites
 * @param tokens token id of each row, or null where row n is token n
 */
public record Logits(float[] values, int[] tokens) {
    public Logits {
        if (tokens != null && tokens.length != values.length) {
            throw new IllegalArgumentException(
                    "logits: " + values.length + " values for " + tokens.length + " token ids");
        }
    }

    /** Scores of some positions, [positions, rows], one by one; those of a single position are not copied. */
    static List<Logits> ofRows(Block scores, int[] tokens) {
        if (scores.rows() == 1) return List.of(new Logits(scores.data(), tokens));
        return IntStream.range(0, scores.rows())
                .map(r -> r * scores.columns())
                .mapToObj(at -> new Logits(Arrays.copyOfRange(scores.data(), at, at + scores.columns()), tokens))
                .toList();
    }

    /** Token id of a row. */
    public int token(int row) {
        return tokens == null ? row : tokens[row];
    }

    /** These scores, but only of some tokens: the others have no chance. */
    public Logits only(BitSet allowed) {
        float[] masked = values.clone();
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
        float largest = Float.NEGATIVE_INFINITY;
        for (int row = 0; row < values.length; row++) {
            if (!(values[row] < Float.POSITIVE_INFINITY)) throw damaged(layer, row);
            largest = Math.max(largest, values[row]);
        }
        if (largest == Float.NEGATIVE_INFINITY) throw damaged(layer, 0);
    }

    private DamagedWeightsException damaged(int layer, int row) {
        return new DamagedWeightsException("logits after layer " + layer + ": expected numbers, got " + values[row]
                + " for token " + token(row) + "; weights of this layer's head or of a layer below are damaged");
    }

    /** Shannon entropy of the softmax, in nats. */
    public double entropy() {
        double largest = Double.NEGATIVE_INFINITY;
        for (float value : values) largest = Math.max(largest, value);
        double sum = 0;
        double weighted = 0;
        for (float value : values) {
            double shifted = value - largest;
            double e = Math.exp(shifted);
            sum += e;
            // The limit of p ln p at 0 is 0: masked tokens add nothing.
            if (e > 0) weighted += e * shifted;
        }
        return Math.log(sum) - weighted / sum;
    }

    /**
     * The token of the largest score, the lowest id on ties.
     *
     * @param usable ids from this one on are padding and never chosen
     * @throws IllegalArgumentException if all of them are padding
     */
    public int best(int usable) {
        int best = -1;
        for (int row = 0; row < values.length; row++) {
            if (token(row) < usable && (best < 0 || isBefore(row, best))) best = row;
        }
        if (best < 0) throw new IllegalArgumentException("logits: expected a token below " + usable + ", found none");
        return token(best);
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
        int rank = 0;
        for (int row = 0; row < values.length; row++) {
            if (token(row) < usable && isBefore(row, its)) rank++;
        }
        return OptionalInt.of(rank);
    }

    /**
     * How much less likely than {@link #best} a token is, in nats: 0 for the likeliest, infinite if the head does not know it.
     *
     * @param usable ids from this one on are padding
     */
    public double natsBelowBest(int token, int usable) {
        int its = row(token);
        if (its < 0) return Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (int row = 0; row < values.length; row++) {
            if (token(row) < usable) largest = Math.max(largest, values[row]);
        }
        return largest - values[its];
    }

    /** Whether a row's token is likelier than another's; on ties the lower id is. */
    private boolean isBefore(int row, int other) {
        return values[row] > values[other] || values[row] == values[other] && token(row) < token(other);
    }

    private int row(int token) {
        if (tokens == null) return token;
        for (int row = 0; row < tokens.length; row++) if (tokens[row] == token) return row;
        return -1;
    }

    /** ln of the sum of e^score over all rows: a token's score less this is the logarithm of its probability. */
    public double logSumExp() {
        double largest = Double.NEGATIVE_INFINITY;
        for (float value : values) largest = Math.max(largest, value);
        double sum = 0;
        for (float value : values) sum += Math.exp(value - largest);
        return largest + Math.log(sum);
    }

    /**
     * Kullback-Leibler divergence of this softmax q from another, p: the sum of p (ln p - ln q), in nats.
     *
     * @param target scores of p, one row per token; where this head knows some tokens only, p is that of these tokens
     */
    public double divergenceFrom(Logits target) {
        float[] its = new float[values.length];
        for (int row = 0; row < its.length; row++) its[row] = target.values[token(row)];
        double logSum = logSumExp();
        double itsLogSum = new Logits(its, tokens).logSumExp();
        double divergence = 0;
        for (int row = 0; row < its.length; row++) {
            double log = its[row] - itsLogSum;
            // The limit of p ln p at 0 is 0.
            if (Math.exp(log) > 0) divergence += Math.exp(log) * (log - (values[row] - logSum));
        }
        return Math.max(0, divergence); // below only by rounding
    }
}
