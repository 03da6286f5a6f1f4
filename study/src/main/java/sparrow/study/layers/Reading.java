package sparrow.study.layers;

import sparrow.engine.exit.Logits;

/**
 * What one layer would have said at one position, p_l, beside what the last layer says there, p_L. Both are the softmax of
 * all rows of their heads. Padding ids of the vocabulary are never chosen.
 *
 * @param choice likeliest token of the layer, the lowest id on ties
 * @param rank place of the last layer's choice among the layer's tokens, from 0; {@link #UNKNOWN} if its head does not
 *     know that token
 * @param entropy of p_l in nats, what a confidence rule would see
 * @param divergence KL(p_L || p_l) in nats; where the head knows some tokens only, p_L is that of these tokens
 */
record Reading(int choice, int rank, float entropy, float divergence) {
    /** The rank of a token that a head does not know. */
    static final int UNKNOWN = -1;

    /**
     * Compares a layer with the last one.
     *
     * @param layer of the layer's head
     * @param last of the model's own head, one row per token
     * @param usable ids from this one on are padding
     */
    static Reading of(Logits layer, Logits last, int usable) {
        return new Reading(
                layer.token(best(layer, usable)),
                rank(layer, last.token(best(last, usable)), usable),
                (float) layer.entropy(),
                (float) divergence(layer, last));
    }

    private static int best(Logits logits, int usable) {
        int best = -1;
        for (int row = 0; row < logits.values().length; row++) {
            if (logits.token(row) < usable && (best < 0 || before(logits, row, best))) best = row;
        }
        return best;
    }

    /** Whether a row's token is likelier than another's; on ties the lower id is. */
    private static boolean before(Logits logits, int row, int other) {
        float score = logits.values()[row];
        float otherScore = logits.values()[other];
        return score > otherScore || score == otherScore && logits.token(row) < logits.token(other);
    }

    private static int rank(Logits logits, int token, int usable) {
        int its = row(logits, token);
        if (its < 0) return UNKNOWN;
        int rank = 0;
        for (int row = 0; row < logits.values().length; row++) {
            if (logits.token(row) < usable && before(logits, row, its)) rank++;
        }
        return rank;
    }

    private static int row(Logits logits, int token) {
        if (logits.tokens() == null) return token;
        for (int row = 0; row < logits.tokens().length; row++) {
            if (logits.tokens()[row] == token) return row;
        }
        return -1;
    }

    /** The sum of p_L (ln p_L - ln p_l) over the tokens that the layer's head knows. */
    private static double divergence(Logits layer, Logits last) {
        float[] mine = layer.values();
        float[] its = new float[mine.length];
        for (int row = 0; row < its.length; row++) its[row] = last.values()[layer.token(row)];
        double sum = logOfSum(mine);
        double itsSum = logOfSum(its);
        double divergence = 0;
        for (int row = 0; row < mine.length; row++) {
            double log = its[row] - itsSum;
            // The limit of p ln p at 0 is 0.
            if (Math.exp(log) > 0) divergence += Math.exp(log) * (log - (mine[row] - sum));
        }
        return Math.max(0, divergence); // below only by rounding
    }

    private static double logOfSum(float[] scores) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float score : scores) largest = Math.max(largest, score);
        double sum = 0;
        for (float score : scores) sum += Math.exp(score - largest);
        return largest + Math.log(sum);
    }
}
