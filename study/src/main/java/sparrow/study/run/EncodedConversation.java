package sparrow.study.run;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatTurn;

/**
 * An encoded conversation. Its last turn is the question. The model also answers the earlier turns, each within the
 * limits of a reply, and no turn is removed.
 *
 * @param instructions system text
 * @param turns one or more encoded turns
 * @param stream random number stream of the replies, or null to derive it from each prompt
 */
public record EncodedConversation(Optional<String> instructions, List<Question> turns, Long stream) {
    /**
     * Encodes the turns of a question.
     *
     * @param newTokens maximum number of tokens per reply
     * @throws IllegalArgumentException if the model cannot encode a turn, or the conversation may exceed the context
     *     length
     */
    public static EncodedConversation of(Batch.Entry entry, SpokenModel model, int newTokens) {
        List<Question> turns = entry.turns().stream().map(model::encode).toList();
        EncodedConversation encoded = new EncodedConversation(entry.instructions(), turns, entry.stream());
        List<ChatTurn> earlier =
                turns.subList(0, turns.size() - 1).stream().map(ChatTurn::new).toList();
        int length = encoded.question(model, earlier).prompt().tokens().length;
        int context = model.languageModel().transformer().config().contextLength();
        long max = (long) earlier.size() * newTokens;
        if (length + max < context) return encoded;
        String replies = max == 0 ? "" : " and earlier replies of up to " + max;
        throw new IllegalArgumentException(
                "prompt: expected fewer than the context length of " + context + " tokens, got " + length + replies);
    }

    /**
     * Returns the question after earlier turns.
     *
     * @param earlier turns with their replies
     */
    EncodedQuestion question(SpokenModel model, List<ChatTurn> earlier) {
        Prompt prompt = new ChatHistory(instructions, earlier, turns.get(earlier.size())).prompt(model);
        return stream == null ? EncodedQuestion.of(prompt) : new EncodedQuestion(prompt, stream);
    }

    /**
     * A question as input of the model.
     *
     * @param prompt everything before the reply
     * @param stream random number stream of the replies
     */
    public record EncodedQuestion(Prompt prompt, long stream) {
        /**
         * Creates a question that seeds the noise of its replies with a hash of its prompt. The hash does not depend on
         * the batch, and is equal for all plans with equal earlier replies.
         */
        public static EncodedQuestion of(Prompt prompt) {
            long stream = Arrays.hashCode(prompt.tokens());
            for (PromptEmbeddings some : prompt.embeddings()) stream = 31 * stream + Arrays.hashCode(some.values());
            return new EncodedQuestion(prompt, stream);
        }
    }
}
