package sparrow.models.family;

import java.util.List;
import java.util.Optional;

/**
 * Makes prompts of what a user says in one way: typed, as codes, or as vectors.
 *
 * <p>Safe for several threads.
 *
 * @param <T> type of a question
 */
public interface PromptBuilder<T> {
    /**
     * The prompt of a conversation's first turn, with the beginning that all conversations of its kind share.
     *
     * @param instructions go where the family has a system turn
     */
    PromptTokens first(T said, Optional<String> instructions);

    /**
     * The same to a model that may call tools.
     *
     * @param tools that it is told of
     * @throws IllegalArgumentException in one line if models of the family call none
     */
    default PromptTokens first(T said, Optional<String> instructions, List<Tool> tools) {
        if (tools.isEmpty()) return first(said, instructions);
        throw new IllegalArgumentException("tools: expected none, models of this family call no tools");
    }

    /** The prompt of a later turn, from the end of the reply before. */
    PromptTokens later(T said);
}
