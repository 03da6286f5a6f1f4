package sparrow.engine.decode;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import sparrow.engine.exit.Logits;

/** Chooses the tokens of one sequence; remembers which it has seen and where its random numbers stand. */
final class Sampler {
    private final Sampling sampling;
    private final int usable;
    private final SplittableRandom random;
    private final BitSet seen = new BitSet();

    /**
     * @param usable ids from this one on are padding and never chosen
     */
    Sampler(Sampling sampling, int usable) {
        this.sampling = sampling;
        this.usable = usable;
        this.random = new SplittableRandom(sampling.seed());
    }

    /** Counts a token of prompt or reply for the repetition penalty. */
    void observe(int token) {
        seen.set(token);
    }

    /** Chooses a token id. */
    int choose(Logits logits) {
        if (sampling.greedy()) return largest(logits);
        float[] scores = new float[logits.values().length];
        for (int row = 0; row < scores.length; row++) scores[row] = score(logits, row);
        return logits.token(draw(probabilities(scores, sampling)));
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

    private int draw(float[] probabilities) {
        double left = random.nextDouble();
        int last = 0;
        for (int row = 0; row < probabilities.length; row++) {
            if (probabilities[row] == 0) continue;
            last = row;
            left -= probabilities[row];
            if (left < 0) return row;
        }
        return last;
    }

    /** Probabilities after temperature, top-k and top-p. */
    static float[] probabilities(float[] scores, Sampling sampling) {
        float[] kept = scores.clone();
        // Distances from the largest: those of a very cold draw leave f32's range towards zero probability only.
        float largest = Float.NEGATIVE_INFINITY;
        for (float score : scores) largest = Math.max(largest, score);
        for (int row = 0; row < kept.length; row++) {
            kept[row] = (float) ((scores[row] - largest) / sampling.temperature());
        }
        if (sampling.topK() > 0 && sampling.topK() < kept.length) keepTopK(kept, sampling.topK());
        if (sampling.topP() < 1) keepTopP(kept, sampling.topP());
        return softmax(kept);
    }

    private static void keepTopK(float[] scores, int k) {
        float[] sorted = scores.clone();
        Arrays.sort(sorted);
        float smallest = sorted[sorted.length - k];
        for (int row = 0; row < scores.length; row++) {
            if (scores[row] < smallest) scores[row] = Float.NEGATIVE_INFINITY;
        }
    }

    /** Drops from the small end while what is dropped sums to at most 1 - p; the largest always stays. */
    private static void keepTopP(float[] scores, double p) {
        float[] probabilities = softmax(scores);
        Integer[] ascending = new Integer[scores.length];
        Arrays.setAll(ascending, row -> row);
        Arrays.sort(ascending, (a, b) -> Float.compare(scores[a], scores[b]));
        float dropped = 0;
        for (int i = 0; i < ascending.length - 1; i++) {
            dropped += probabilities[ascending[i]];
            if (dropped > (float) (1 - p)) break;
            scores[ascending[i]] = Float.NEGATIVE_INFINITY;
        }
    }

    private static float[] softmax(float[] scores) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float score : scores) largest = Math.max(largest, score);
        double sum = 0;
        double[] exponentials = new double[scores.length];
        for (int row = 0; row < scores.length; row++) {
            exponentials[row] = Math.exp(scores[row] - largest);
            sum += exponentials[row];
        }
        float[] probabilities = new float[scores.length];
        for (int row = 0; row < scores.length; row++) probabilities[row] = (float) (exponentials[row] / sum);
        return probabilities;
    }
}
