package sparrow.models.pool;

/**
 * The part of a conversation that was given up before a turn.
 *
 * @param turns dropped with question and reply
 * @param replies reduced to their text
 * @param positions that all of it took in the context
 * @param exact whether the rest is as if the dropped part had never been there; else its keys and values were made when the
 *     dropped part was visible
 */
public record Truncation(int turns, int replies, int positions, boolean exact) {}
