package sparrow.engine.interleave;

/**
 * The place of a reply in the alternation of text and speech: the modality that the next unit is expected to have, from the units
 * decided so far. A value: {@link #accept} gives the place behind a unit, and the place before it stays what it is, so that drafts are
 * taken back by going on from an earlier place.
 */
public interface InterleaveTracker {
    /** Modality that the next unit is expected to have. */
    Modality modality();

    /** Place of the next unit in its run of one modality, from 1. */
    int chunkPosition();

    /** Speech units since the text ended; 0 while text is still expected. */
    int speechTail();

    /** The place behind a decided unit. */
    InterleaveTracker accept(Unit unit);
}
