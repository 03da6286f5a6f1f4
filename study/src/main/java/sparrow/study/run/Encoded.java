package sparrow.study.run;

import java.util.Arrays;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * A question as the model takes it.
 *
 * @param prompt the beginning of a conversation
 * @param stream which random numbers its replies draw
 */
public record Encoded(Prompt prompt, long stream) {
    /** A question that draws numbers of its own, the same under every plan and in every batch. */
    public static Encoded of(Prompt prompt) {
        long stream = Arrays.hashCode(prompt.tokens());
        for (PromptEmbeddings some : prompt.embeddings()) stream = 31 * stream + Arrays.hashCode(some.values());
        return new Encoded(prompt, stream);
    }

    static Encoded of(Asked asked, SpokenModel model) {
        Prompt prompt = Prompts.of(asked.question(), model);
        return asked.stream().isPresent() ? new Encoded(prompt, asked.stream().getAsLong()) : of(prompt);
    }
}
