package sparrow.models.pool;

/**
 * The cost of a reply's prompt.
 *
 * @param tokens positions of the whole token list
 * @param audio those that stand for sound
 * @param cached leading ones whose keys and values were there already
 * @param evicted positions that the conversation had until now, and that went from among those; what was cached after them
 *     moved, and is approximate
 */
public record PromptUse(int tokens, int audio, int cached, int evicted) {
    /** One of which nothing was evicted. */
    public PromptUse(int tokens, int audio, int cached) {
        this(tokens, audio, cached, 0);
    }
}
