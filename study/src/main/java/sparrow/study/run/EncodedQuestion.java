package sparrow.study.run;

import java.util.Arrays;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * A question as the model takes it.
 *
 * @param prompt the beginning of a conversation
 * @param stream of random numbers that its replies draw from
 */
public record EncodedQuestion(Prompt prompt, long stream) {
    /** A question that draws numbers of its own, the same under every plan and in every batch. */
    public static EncodedQuestion of(Prompt prompt) {
        long stream = Arrays.hashCode(prompt.tokens());
        for (PromptEmbeddings some : prompt.embeddings()) stream = 31 * stream + Arrays.hashCode(some.values());
        return new EncodedQuestion(prompt, stream);
    }

    static EncodedQuestion of(Batch.Entry entry, SpokenModel model) {
        Prompt prompt = Prompts.of(entry.question(), model);
        return entry.stream() == null ? of(prompt) : new EncodedQuestion(prompt, entry.stream());
    }
}
