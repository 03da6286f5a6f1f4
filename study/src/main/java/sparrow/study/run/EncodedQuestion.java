package sparrow.study.run;

import java.util.Arrays;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.models.Prompt;

/**
 * A question as the model takes it.
 *
 * @param prompt all that is said before the reply
 * @param stream of random numbers that its replies draw from
 */
public record EncodedQuestion(Prompt prompt, long stream) {
    /** A question that draws numbers of its own, the same in every batch, and under every plan that gave the same replies before. */
    public static EncodedQuestion of(Prompt prompt) {
        long stream = Arrays.hashCode(prompt.tokens());
        for (PromptEmbeddings some : prompt.embeddings()) stream = 31 * stream + Arrays.hashCode(some.values());
        return new EncodedQuestion(prompt, stream);
    }
}
