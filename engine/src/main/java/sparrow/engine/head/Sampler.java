package sparrow.engine.head;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntToDoubleFunction;
import sparrow.engine.transformer.Logits;

/**
 * Chooses the tokens of one sequence, and remembers those that it has seen. Earlier choices do not count: the noise of a draw
 * follows from seed, position and token id ({@link Noise}), so a position has the same noise each time. A draft and the
 * full depth that verifies it choose alike as far as their probabilities do.
 *
 * <p>For one thread at a time.
 */
public final class Sampler {
    private final Sampling sampling;
    private final int usable;
    private final Distribution distribution;
    private final Distribution codes;
    private final BitSet seen;

    /** The ids that were new to it, in their order; a mark is how many there were. */
    private int[] added = new int[16];

    private int addedCount;

    /** A sampler that has seen nothing. */
    public Sampler(Sampling sampling, int usable) {
        this(sampling, usable, new BitSet());
    }

    /**
     * A sampler that begins where others left off.
     *
     * @param usable ids from this one on are padding and never chosen
     * @param seen ids that count for the repetition penalty from the start; the sampler adds to them
     */
    public Sampler(Sampling sampling, int usable, BitSet seen) {
        this.sampling = sampling;
        this.usable = usable;
        this.seen = seen;
        this.distribution = new Distribution(sampling);
        this.codes = new Distribution(
                new Sampling(sampling.codes().temperature(), sampling.codes().topK(), 1, 1, sampling.seed()));
    }

    /** Counts a token of prompt or reply for the repetition penalty. */
    public void observe(int token) {
        if (seen.get(token)) return;
        seen.set(token);
        if (addedCount == added.length) added = Arrays.copyOf(added, 2 * addedCount);
        added[addedCount++] = token;
    }

    /** A place for {@link #rollBack} to return to. */
    public int mark() {
        return addedCount;
    }

    /**
     * Forgets the tokens counted since a mark; later marks are void.
     *
     * @throws IllegalArgumentException if it is none of this sampler's, or void
     */
    public void rollBack(int mark) {
        if (mark < 0 || mark > addedCount) {
            throw new IllegalArgumentException("mark: expected 0 to " + addedCount + ", got " + mark);
        }
        while (addedCount > mark) seen.clear(added[--addedCount]);
    }

    /**
     * Chooses a token id.
     *
     * @param position index of the position in its sequence whose state the logits are of; greedy choices do not depend on it
     */
    public int choose(Logits logits, int position) {
        if (sampling.greedy()) return largest(logits);
        Noise noise = Noise.at(sampling.seed(), position);
        return first(logits, distribution(logits), noise::uniform);
    }

    /**
     * Chooses a code of a frame. Codes are not tokens: none is padding, and no penalty counts.
     *
     * @param logits one row per code
     * @param codebook from 0; each draws with noise of its own
     * @param position as for {@link #choose}
     */
    public int chooseCode(Logits logits, int codebook, int position) {
        float[] values = logits.values();
        if (sampling.codes().greedy()) return logits.best(values.length);
        Noise noise = Noise.at(sampling.seed(), position);
        return first(logits, codeDistribution(logits), row -> noise.uniform(codebook * values.length + row));
    }

    /** The probabilities that a code is drawn from; they hold until the next code. */
    Distribution codeDistribution(Logits logits) {
        float[] values = logits.values();
        System.arraycopy(values, 0, codes.scores(values.length), 0, values.length);
        codes.shape();
        return codes;
    }

    /** The probabilities that a token is drawn from, row by row of the logits; they hold until the next token. */
    Distribution distribution(Logits logits) {
        float[] values = logits.values();
        float[] scores = distribution.scores(values.length);
        for (int row = 0; row < values.length; row++) scores[row] = score(values[row], logits.token(row));
        distribution.shape();
        return distribution;
    }

    /** A token's score after the repetition penalty; padding never wins. */
    private float score(float score, int token) {
        if (token >= usable) return Float.NEGATIVE_INFINITY;
        if (sampling.repetitionPenalty() == 1 || !seen.get(token)) return score;
        float penalty = (float) sampling.repetitionPenalty();
        return score > 0 ? score / penalty : score * penalty;
    }

    /** The token of the largest score after the repetition penalty, the lowest id on ties. */
    int largest(Logits logits) {
        if (sampling.repetitionPenalty() >= 1) {
            int best = logits.best(usable);
            // A penalty only lowers: the largest score of all that has none stays the largest.
            if (sampling.repetitionPenalty() == 1 || !seen.get(best)) return best;
        }
        float[] values = logits.values();
        int best = 0;
        float bestScore = score(values[0], logits.token(0));
        for (int row = 1; row < values.length; row++) {
            float score = score(values[row], logits.token(row));
            boolean tied = score == bestScore && logits.token(row) < logits.token(best);
            if (score > bestScore || tied) {
                best = row;
                bestScore = score;
            }
        }
        return logits.token(best);
    }

    /**
     * A race of exponential clocks at the rates p: the token with the smallest -ln(u) / p, which is the one with the largest
     * ln p + G for Gumbel noise G = -ln(-ln u) (Gumbel-max trick). Each wins with probability p.
     */
    private static int first(Logits logits, Distribution rates, IntToDoubleFunction noise) {
        int rows = logits.values().length;
        int first = 0;
        double earliest = Double.POSITIVE_INFINITY;
        for (int row = 0; row < rows; row++) {
            double rate = rates.weight(row);
            if (rate == 0) continue;
            double u = noise.applyAsDouble(logits.token(row));
            // -ln u is at least 1 - u: few rows need the logarithm.
            if (1 - u > earliest * rate) continue;
            double time = -Math.log(u) / rate;
            boolean tied = time == earliest && logits.token(row) < logits.token(first);
            if (time < earliest || tied) {
                first = row;
                earliest = time;
            }
        }
        return logits.token(first);
    }
}
