package sparrow.engine.transformer;

/**
 * Scores of tokens at one position. They lie where they were computed, and only what is asked for is brought from there: a
 * choice is one number, all scores of a vocabulary may be a megabyte. Every question waits until the scores are there. Valid
 * until their {@link Scorer} is used again.
 */
public interface Scores {
    /**
     * Scores that are here.
     *
     * @param values one for each row; kept
     * @param tokens token id of each row, or null where row n is token n
     * @throws IllegalArgumentException if these are not as many
     */
    static Scores of(float[] values, int[] tokens) {
        if (tokens != null && tokens.length != values.length) {
            throw new IllegalArgumentException(
                    "logits: " + values.length + " values for " + tokens.length + " token ids");
        }
        return new HostScores(values, tokens);
    }

    /** Token id of each row, or null where row n is token n. */
    int[] tokens();

    /** All scores, one per row. */
    float[] values();

    /** The largest score; NaN if one is not a number. */
    float largest();

    /**
     * The token of the largest score, the lowest id on ties.
     *
     * @param usable ids from this one on are padding and never chosen
     * @throws IllegalArgumentException if all of them are padding
     */
    int best(int usable);

    /** Shannon entropy of the softmax, in nats. */
    double entropy();
}
