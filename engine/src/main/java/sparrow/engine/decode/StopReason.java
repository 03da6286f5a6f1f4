package sparrow.engine.decode;

/** The end of a reply. */
public enum StopReason {
    /** The model chose an end token. */
    END_TOKEN,
    /** {@link Limits#newTokens} fired. */
    NEW_TOKENS,
    /** {@link Limits#speechTail} fired. */
    SPEECH_TAIL,
    /** {@link Limits#guard} fired. */
    RUNAWAY,
    /** The model's context is full. */
    CONTEXT_FULL,
    /** The deciding thread was interrupted. */
    INTERRUPTED,
    /** The request was withdrawn ({@link Decoder#cancel}). */
    CANCELLED
}
