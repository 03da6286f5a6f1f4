package sparrow.engine.exit;

/**
 * Sets of tokens that the model's own head may choose at speech positions with full depth. Text positions are never
 * restricted. An exit head's tokens are determined by its file.
 */
public enum SpeechLogits {
    /** All tokens, including text, as in the unmodified model. */
    ALL,

    /**
     * The tokens that the interleave format allows: speech tokens and tokens that end speech or the reply. Sampling
     * renormalises their probabilities.
     */
    SPEECH
}
