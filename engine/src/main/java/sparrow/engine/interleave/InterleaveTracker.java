package sparrow.engine.interleave;

/**
 * Tracks the alternation of text and speech in a reply. It computes the next unit's expected modality from the units
 * decided so far. Trackers are immutable: {@link #accept} returns a new tracker, so a reply can continue from an
 * earlier tracker when drafts are rolled back.
 */
public interface InterleaveTracker {
    /** Returns the expected modality of the next unit. */
    Modality modality();

    /**
     * Returns the position, counted from 1, of the next unit in its chunk. A chunk is a run of units of one modality.
     */
    int chunkPosition();

    /** Returns the number of speech units since the text ended, or 0 while text is still expected. */
    int speechTail();

    /** Returns whether the last unit ended the reply because of its position in the reply. */
    default boolean hasEnded() {
        return false;
    }

    /** Returns the tracker after a decided unit. */
    InterleaveTracker accept(Unit unit);
}
