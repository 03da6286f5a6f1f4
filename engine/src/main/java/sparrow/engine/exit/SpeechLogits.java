package sparrow.engine.exit;

/**
 * The logits that the model's own head computes at speech positions of full depth. Text positions are never restricted, nor are
 * exit heads: their file says which tokens they know.
 */
public enum SpeechLogits {
    /** Those of all tokens: the unmodified model, which may also choose text there. */
    ALL,

    /**
     * Those of the tokens that the interleave format allows there: speech tokens, and those that end speech or the reply.
     * The greedy choice among them is that of all tokens; a draw is from their probabilities alone.
     */
    SPEECH
}
