package sparrow.engine.sample;

import java.util.BitSet;
import java.util.SplittableRandom;
import sparrow.engine.exit.Logits;

/**
 * Chooses the tokens of one sequence; remembers which it has seen and where its random numbers stand.
 *
 * <p>For one thread at a time.
 */
public final class Sampler {
    private final Sampling sampling;
    private final int usable;
    private final SplittableRandom random;
    private final Distribution distribution;
    private final BitSet seen;

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
        this.random = new SplittableRandom(sampling.seed());
        this.distribution = new Distribution(sampling);
    }

    /** Counts a token of prompt or reply for the repetition penalty. */
    public void observe(int token) {
        seen.set(token);
    }

    /** Chooses a token id. */
    public int choose(Logits logits) {
        if (sampling.greedy()) return largest(logits);
        return logits.token(draw(distribution(logits), logits.values().length));
    }

    /** The probabilities that a token is drawn from, row by row of the logits; they hold until the next token. */
    Distribution distribution(Logits logits) {
        int rows = logits.values().length;
        float[] scores = distribution.scores(rows);
        for (int row = 0; row < rows; row++) scores[row] = score(logits, row);
        distribution.shape();
        return distribution;
    }

    /** The score of a row after the repetition penalty; padding never wins. */
    private float score(Logits logits, int row) {
        int token = logits.token(row);
        float score = logits.values()[row];
        if (token >= usable) return Float.NEGATIVE_INFINITY;
        if (sampling.repetitionPenalty() == 1 || !seen.get(token)) return score;
        float penalty = (float) sampling.repetitionPenalty();
        return score > 0 ? score / penalty : score * penalty;
    }

    /** The token of the largest score after the repetition penalty, the lowest id on ties. */
    int largest(Logits logits) {
        int best = 0;
        float bestScore = score(logits, 0);
        for (int row = 1; row < logits.values().length; row++) {
            float score = score(logits, row);
            boolean tied = score == bestScore && logits.token(row) < logits.token(best);
            if (score > bestScore || tied) {
                best = row;
                bestScore = score;
            }
        }
        return logits.token(best);
    }

    private int draw(Distribution from, int rows) {
        double left = random.nextDouble();
        int last = 0;
        for (int row = 0; row < rows; row++) {
            float probability = from.probability(row);
            if (probability == 0) continue;
            last = row;
            left -= probability;
            if (left < 0) return row;
        }
        return last;
    }
}
