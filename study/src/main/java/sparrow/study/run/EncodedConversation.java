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
 * A conversation as the model hears it. Its last turn is the question, and the model answers those before it, too, each
 * within the same bounds; all of them stay.
 *
 * @param instructions the system text
 * @param turns encoded, one or more
 * @param stream of random numbers that the replies draw from; null for one that follows from each prompt
 */
public record EncodedConversation(Optional<String> instructions, List<Question> turns, Long stream) {
    /**
     * Encodes the turns of a question.
     *
     * @param newTokens maximum number of tokens of a reply
     * @throws IllegalArgumentException if the model cannot encode a turn, or if the conversation may become too long
     *     for the context
     */
    public static EncodedConversation of(Batch.Entry entry, SpokenModel model, int newTokens) {
        List<Question> turns = entry.turns().stream().map(model::encode).toList();
        EncodedConversation encoded = new EncodedConversation(entry.instructions(), turns, entry.stream());
        List<ChatTurn> earlier =
                turns.subList(0, turns.size() - 1).stream().map(ChatTurn::new).toList();
        int length = encoded.question(model, earlier).prompt().tokens().length;
        int context = model.languageModel().transformer().config().contextLength();
        long most = (long) earlier.size() * newTokens;
        if (length + most < context) return encoded;
        String replies = most == 0 ? "" : " and earlier replies of up to " + most;
        throw new IllegalArgumentException(
                "prompt: expected less than the context of " + context + " tokens, got " + length + replies);
    }

    /**
     * The question after some turns.
     *
     * @param earlier turns with their replies
     */
    EncodedQuestion question(SpokenModel model, List<ChatTurn> earlier) {
        Prompt prompt = new ChatHistory(instructions, earlier, turns.get(earlier.size())).prompt(model);
        return stream == null ? EncodedQuestion.of(prompt) : new EncodedQuestion(prompt, stream);
    }

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
}
