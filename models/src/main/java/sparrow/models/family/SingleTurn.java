package sparrow.models.family;

import java.util.Optional;
import java.util.function.Function;

/**
 * Creates prompts for a task with a single turn, whose system turn is a fixed sentence.
 *
 * @param <T> the type of a question
 * @param sentence the sentence in the system turn, for messages
 * @param prompt a function that creates the prompt for a question
 */
public record SingleTurn<T>(String sentence, Function<T, PromptTokens> prompt) implements PromptBuilder<T> {
    @Override
    public PromptTokens first(T question, Optional<String> instructions) {
        if (instructions.isPresent()) {
            throw new IllegalArgumentException("instructions: expected none with \"" + sentence.strip() + "\"");
        }
        return prompt.apply(question);
    }

    @Override
    public PromptTokens later(T question) {
        throw new IllegalArgumentException(
                "question: expected a new conversation for each \"" + sentence.strip() + "\"");
    }
}
