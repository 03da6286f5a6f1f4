package sparrow.models.family;

/**
 * Makes prompts of what a user says in one way: typed, as codes, or as vectors.
 *
 * <p>Safe for several threads.
 *
 * @param <T> what is said
 */
public interface Prompter<T> {
    /** The prompt of a conversation's first turn, with whatever every conversation of its kind begins with. */
    PromptTokens first(T said);

    /** The prompt of a later turn, from the end of the reply before. */
    PromptTokens later(T said);
}
