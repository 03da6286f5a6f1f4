package sparrow.models;

/**
 * What a conversation forgot before a turn.
 *
 * @param turns that are gone
 * @param replies whose sound is gone and whose text is left
 * @param positions that both took in the context
 * @param exact whether the rest is as if they had never been there; else its keys and values were made when they were
 */
public record Truncation(int turns, int replies, int positions, boolean exact) {
    /** Nothing. */
    public static final Truncation NOTHING = new Truncation(0, 0, 0, true);
}
