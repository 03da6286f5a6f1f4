package sparrow.models;

import java.util.List;

/**
 * What a conversation forgot before a turn.
 *
 * @param turns that are gone
 * @param replies of which only the text is left
 * @param positions that both took in the context
 * @param exact whether the rest is as if they had never been there; else its keys and values were made when they were
 */
public record Forgotten(int turns, int replies, int positions, boolean exact) {
    /** Nothing. */
    public static final Forgotten NOTHING = new Forgotten(0, 0, 0, true);

    /** Counts what became of the earlier turns, of which more was known before. */
    public static Forgotten of(List<Window.Memory> memories, int positions, boolean exact) {
        if (positions == 0) return NOTHING;
        return new Forgotten(
                (int) memories.stream().filter(Window.Memory.NOTHING::equals).count(),
                (int) memories.stream().filter(Window.Memory.WORDS::equals).count(),
                positions,
                exact);
    }
}
