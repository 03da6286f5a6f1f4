package sparrow.models.pool;

/** The use of the speech codes of a reply. */
public enum SpeechMode {
    /** Nothing: they are decoded, since the model alternates, but no sound is made. */
    SILENT,
    /** Sound in the model's own rhythm of blocks: what {@link sparrow.models.pool.Conversation} makes, to the sample. */
    PUBLISHED,
    /** As {@link #PUBLISHED}, but a block is made early where playback would have to wait for it to be full. */
    LOW_LATENCY
}
