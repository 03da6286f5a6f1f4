package sparrow.models.chat;

import java.util.List;
import java.util.Optional;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.family.Tool;

/**
 * A question with everything that the model is shown before it: instructions, tools and earlier turns.
 *
 * @param instructions to the model; they go where its family has a system turn
 * @param tools that the model may call
 * @param earlier turns, in order
 * @param question that the reply answers
 * @param before the earlier turns as they were until the truncation for this question, if their keys and values may serve for the
 *     retained part, which is an approximation; empty if no turn was truncated, or the reply is to be as if the truncated turns had
 *     never been said
 */
public record ChatHistory(
        Optional<String> instructions,
        List<Tool> tools,
        List<ChatTurn> earlier,
        Question question,
        List<ChatTurn> before) {
    public ChatHistory {
        tools = List.copyOf(tools);
        earlier = List.copyOf(earlier);
        before = List.copyOf(before);
    }

    /** A chat without tools and truncation, or one that is to be as if its truncated turns had never been said. */
    public ChatHistory(Optional<String> instructions, List<ChatTurn> earlier, Question question) {
        this(instructions, List.of(), earlier, question, List.of());
    }

    /** A first question. */
    public static ChatHistory of(Question question) {
        return new ChatHistory(Optional.empty(), List.of(), question);
    }

    /**
     * Returns this chat as if its oldest turns had never been said. Outputs of tools stay with the turn whose reply called them.
     *
     * @param turns maximum number of turns that stay, the question included
     */
    public ChatHistory newest(int turns) {
        int from = Math.max(0, earlier.size() + 1 - turns);
        while (from > 0 && question(from) instanceof Question.ToolOutputs) from--;
        if (from == 0) return this;
        return new ChatHistory(instructions, tools, earlier.subList(from, earlier.size()), question, List.of());
    }

    private Question question(int turn) {
        return turn < earlier.size() ? earlier.get(turn).question() : question;
    }

    /** Returns this chat, for whose retained part the keys and values of these turns may serve. */
    ChatHistory truncatedFrom(List<ChatTurn> whole) {
        return new ChatHistory(instructions, tools, earlier, question, whole);
    }

    /**
     * The prompt of its question, after all that was said before.
     *
     * @throws IllegalArgumentException if a question cannot be understood
     */
    public Prompt prompt(SpokenModel model) {
        ChatPrompt chat = ChatPrompt.of(model, this);
        return new Prompt(chat.ids(), chat.embeddings(), chat.shared(), 0, 0);
    }

    /** Returns this chat with its question as the model hears it. */
    public ChatHistory encodedBy(SpokenModel model) {
        return new ChatHistory(instructions, tools, earlier, model.encode(question), before);
    }
}
