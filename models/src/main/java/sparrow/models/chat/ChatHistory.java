package sparrow.models.chat;

import java.util.List;
import java.util.Optional;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.family.Tool;

/**
 * A question with its instructions, tools and earlier turns.
 *
 * @param instructions the instructions for the model, which are written in the family's system turn
 * @param tools the tools that the model may call
 * @param earlier the earlier turns, in order
 * @param question the question that the reply answers
 */
public record ChatHistory(Optional<String> instructions, List<Tool> tools, List<ChatTurn> earlier, Question question) {
    public ChatHistory {
        tools = List.copyOf(tools);
        earlier = List.copyOf(earlier);
    }

    /** Creates a chat history without tools. */
    public ChatHistory(Optional<String> instructions, List<ChatTurn> earlier, Question question) {
        this(instructions, List.of(), earlier, question);
    }

    /** Returns a chat history that contains only a first question. */
    public static ChatHistory of(Question question) {
        return new ChatHistory(Optional.empty(), List.of(), question);
    }

    /**
     * Returns a copy without the oldest turns, as if they had never existed. Tool outputs are retained or dropped
     * together with the turn whose reply called the tools.
     *
     * @param turns the maximum number of retained turns, including the question
     */
    public ChatHistory newest(int turns) {
        int from = Math.max(0, earlier.size() + 1 - turns);
        while (from > 0 && question(from) instanceof Question.ToolOutputs) from--;
        if (from == 0) return this;
        return new ChatHistory(instructions, tools, earlier.subList(from, earlier.size()), question);
    }

    private Question question(int turn) {
        return turn < earlier.size() ? earlier.get(turn).question() : question;
    }

    /**
     * Returns the prompt for the question, given the previous turns.
     *
     * @throws IllegalArgumentException if the model cannot encode a question
     */
    public Prompt prompt(SpokenModel model) {
        ChatPrompt chat = ChatPrompt.of(model, this);
        return new Prompt(chat.ids(), chat.embeddings(), chat.shared(), 0, 0);
    }

    /** Returns a copy whose question is encoded for a model. */
    public ChatHistory encodedBy(SpokenModel model) {
        return new ChatHistory(instructions, tools, earlier, model.encode(question));
    }
}
