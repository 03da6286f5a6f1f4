package sparrow.engine.reply;

/** Reasons for the end of a reply. */
public enum StopReason {
    /** The model chose an end token. */
    END_TOKEN,
    /** The reply reached {@link sparrow.engine.decode.Limits#newTokens}. */
    NEW_TOKENS,
    /** The reply reached {@link sparrow.engine.decode.Limits#speechTail}. */
    SPEECH_TAIL,
    /** The reply was endless according to {@link sparrow.engine.decode.Limits#loops}. */
    RUNAWAY,
    /** The model's context is full. */
    CONTEXT_FULL,
    /** The decoding thread was interrupted. */
    INTERRUPTED,
    /** The reply was cancelled ({@link sparrow.engine.decode.Decoder#cancel}). */
    CANCELLED
}
