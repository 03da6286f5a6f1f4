package sparrow.engine.exit;

/**
 * The tokens that the model's own head may choose at speech positions with full depth. Text positions are never restricted, nor are exit
 * heads: their file determines which tokens they know.
 */
public enum SpeechLogits {
    /** All tokens, text included: the unmodified model. */
    ALL,

    /**
     * Tokens that the interleave format allows: speech tokens, and tokens that end speech or the reply. A draw uses the probabilities of
     * these tokens alone.
     */
    SPEECH
}
