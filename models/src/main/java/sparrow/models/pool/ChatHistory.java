package sparrow.models.pool;

import java.util.List;
import java.util.Optional;
import sparrow.models.Question;
import sparrow.models.SpokenModel;

/**
 * What a reply follows.
 *
 * @param instructions how the model is to answer; they go where its family has a system turn
 * @param earlier what was said before, in order
 * @param question what the reply answers
 * @param before what {@code earlier} was until some of it was just forgotten, its oldest turns or their sound, if the keys and
 *     values that were made then may serve for what is left, which is an approximation; empty if nothing was, or all is to be
 *     as if nothing else had been said
 */
public record ChatHistory(
        Optional<String> instructions, List<ChatTurn> earlier, Question question, List<ChatTurn> before) {
    public ChatHistory {
        earlier = List.copyOf(earlier);
        before = List.copyOf(before);
    }

    /** One that nothing was forgotten of, or that is to be as if nothing else had been said. */
    public ChatHistory(Optional<String> instructions, List<ChatTurn> earlier, Question question) {
        this(instructions, earlier, question, List.of());
    }

    /** A first question. */
    public static ChatHistory of(Question question) {
        return new ChatHistory(Optional.empty(), List.of(), question);
    }

    /** The same, its question as the model hears it. */
    ChatHistory encodedBy(SpokenModel model) {
        return new ChatHistory(instructions, earlier, model.encode(question), before);
    }
}
