package sparrow.models.family;

import java.util.Optional;
import java.util.function.Function;

/**
 * Prompts of a task of one turn, whose sentence is the whole system turn.
 *
 * @param <T> type of a question
 * @param sentence of the system turn, for messages
 * @param prompt of a question
 */
public record SingleTurn<T>(String sentence, Function<T, PromptTokens> prompt) implements PromptBuilder<T> {
    @Override
    public PromptTokens first(T said, Optional<String> instructions) {
        if (instructions.isPresent()) {
            throw new IllegalArgumentException("instructions: expected none beside \"" + sentence.strip() + "\"");
        }
        return prompt.apply(said);
    }

    @Override
    public PromptTokens later(T said) {
        throw new IllegalArgumentException(
                "question: expected a conversation of its own for each \"" + sentence.strip() + "\"");
    }
}
