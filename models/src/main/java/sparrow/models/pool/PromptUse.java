package sparrow.models.pool;

/**
 * The number of positions in a reply's prompt.
 *
 * @param tokens all positions
 * @param audio the positions that represent audio
 * @param cached the leading positions whose keys and values were cached
 * @param evicted the positions that were removed from the conversation for this prompt; cached positions after them
 *     were moved and are approximate
 */
public record PromptUse(int tokens, int audio, int cached, int evicted) {
    /** Creates an instance without evicted positions. */
    public PromptUse(int tokens, int audio, int cached) {
        this(tokens, audio, cached, 0);
    }
}
