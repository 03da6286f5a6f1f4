package sparrow.engine.exit;

/**
 * The tokens that the model's own head may choose at speech positions with full depth. Text positions are never
 * restricted. The tokens of an exit head are determined by its file.
 */
public enum SpeechLogits {
    /** All tokens, including text, as in the unmodified model. */
    ALL,

    /**
     * The tokens that the interleave format allows: speech tokens, and tokens that end speech or the reply. Sampling
     * renormalises their probabilities.
     */
    SPEECH
}
