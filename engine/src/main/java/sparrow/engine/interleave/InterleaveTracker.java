package sparrow.engine.interleave;

/**
 * Follows the alternation of text and speech in a reply: it computes the expected modality of the next unit from the
 * units decided so far. Immutable: {@link #accept} returns a new tracker, so a reply can continue from an earlier
 * tracker when drafts are rolled back.
 */
public interface InterleaveTracker {
    /** Expected modality of the next unit. */
    Modality modality();

    /** Position of the next unit in its chunk, the run of units of one modality, from 1. */
    int chunkPosition();

    /** Speech units since the text ended; 0 while text is still expected. */
    int speechTail();

    /** Returns the tracker that follows a decided unit. */
    InterleaveTracker accept(Unit unit);
}
