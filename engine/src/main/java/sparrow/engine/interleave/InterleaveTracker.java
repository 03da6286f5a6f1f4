package sparrow.engine.interleave;

/**
 * Follows the alternation of text and speech in a reply: the modality that the next unit is expected to have, given the units decided so
 * far. Immutable: {@link #accept} returns the tracker after a unit, so that a reply can continue from an earlier tracker when drafts are
 * rolled back.
 */
public interface InterleaveTracker {
    /** Modality that the next unit is expected to have. */
    Modality modality();

    /** Position of the next unit in its chunk, the run of units of one modality, from 1. */
    int chunkPosition();

    /** Speech units since the text ended; 0 while text is still expected. */
    int speechTail();

    /** The tracker after a decided unit. */
    InterleaveTracker accept(Unit unit);
}
