package sparrow.models.pool;

/**
 * What a reply's prompt cost.
 *
 * @param tokens positions of the whole token list
 * @param audio those that stand for sound
 * @param cached leading ones whose keys and values were there already
 */
public record PromptUse(int tokens, int audio, int cached) {}
