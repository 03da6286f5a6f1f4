package sparrow.models.pool;

/** The use of a reply's speech codes. */
public enum SpeechMode {
    /** Speech codes are decoded, because the model alternates text and speech, but no audio is generated. */
    SILENT,
    /**
     * Audio is generated in the model's own block sizes, with exactly the same samples as in a
     * {@link sparrow.models.pool.Conversation}.
     */
    PUBLISHED,
    /**
     * Like {@link #PUBLISHED}, but a block is generated early if playback would have to wait for the complete block.
     */
    LOW_LATENCY
}
