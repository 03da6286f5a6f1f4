package sparrow.engine.reply;

/** The end of a reply. */
public enum StopReason {
    /** The model chose an end token. */
    END_TOKEN,
    /** {@link sparrow.engine.decode.Limits#newTokens} fired. */
    NEW_TOKENS,
    /** {@link sparrow.engine.decode.Limits#speechTail} fired. */
    SPEECH_TAIL,
    /** {@link sparrow.engine.decode.Limits#loops} fired. */
    RUNAWAY,
    /** The model's context is full. */
    CONTEXT_FULL,
    /** The deciding thread was interrupted. */
    INTERRUPTED,
    /** The request was withdrawn ({@link sparrow.engine.decode.Decoder#cancel}). */
    CANCELLED
}
