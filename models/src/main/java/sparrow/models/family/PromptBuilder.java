package sparrow.models.family;

import java.util.List;
import java.util.Optional;

/**
 * Creates prompts from questions of one kind: text, speech codes, or vectors. Thread-safe.
 *
 * @param <T> the type of a question
 */
public interface PromptBuilder<T> {
    /**
     * Returns the prompt for a conversation's first turn, including the prefix that is the same in all conversations.
     *
     * @param instructions the content of the family's system turn
     */
    PromptTokens first(T question, Optional<String> instructions);

    /**
     * Returns the prompt for a conversation's first turn that offers tools to the model.
     *
     * @param tools the tools that the model may call
     * @throws IllegalArgumentException if there are tools, but the family's models cannot call tools
     */
    default PromptTokens first(T question, Optional<String> instructions, List<Tool> tools) {
        if (tools.isEmpty()) return first(question, instructions);
        throw new IllegalArgumentException("tools: expected none, models of this family cannot call tools");
    }

    /** Returns the prompt for a later turn, which begins with the end of the previous reply. */
    PromptTokens later(T question);

    /**
     * Returns the prompt of a later turn of a conversation.
     *
     * @param tools tools that the first turn offered
     */
    default PromptTokens later(T question, List<Tool> tools) {
        return later(question);
    }
}
