package sparrow.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.Window;

/**
 * Converts messages to a chat history: instructions, followed by alternating questions and replies. The last message
 * must be a question.
 */
final class MessageHistory {
    private final SpokenModel model;
    private final Questions questions;
    private final List<ChatTurn> earlier = new ArrayList<>();
    private Optional<String> instructions = Optional.empty();

    /** The question that the next message answers, or null if the next message must be a user message. */
    private Question question;

    private MessageHistory(SpokenModel model, Questions questions) {
        this.model = model;
        this.questions = questions;
    }

    /**
     * Returns a request's newest turns, at most as many as the model was trained for.
     *
     * @throws UnsupportedFeatureException if the model does not support a kind of message
     * @throws IllegalArgumentException if questions and replies do not alternate, or a message cannot be read
     */
    static ChatHistory of(List<ChatMessage> messages, SpokenModel model, Questions questions) {
        MessageHistory chat = new MessageHistory(model, questions);
        for (int i = 0; i < messages.size(); i++) chat.add(i, messages.get(i));
        if (chat.question == null) {
            throw new IllegalArgumentException("messages: expected a user message at the end");
        }
        return new ChatHistory(chat.instructions, chat.earlier, chat.question)
                .newest(Window.of(model).turns());
    }

    private void add(int index, ChatMessage message) {
        switch (message) {
            case SystemMessage system when index == 0 -> instructions = Optional.of(system.text());
            case UserMessage user when question == null -> question = questions.of(user);
            case AiMessage reply
            when question != null -> {
                earlier.add(new ChatTurn(question, StoredUnits.units(model, reply)));
                question = null;
            }
            case ChatMessage other -> throw misplaced(index, other, question == null);
        }
    }

    private static RuntimeException misplaced(int index, ChatMessage message, boolean usersTurn) {
        String where = "message " + (index + 1) + ": expected ";
        return switch (message) {
            case SystemMessage system -> new IllegalArgumentException(where + "a system message only at the beginning");
            case UserMessage user -> new IllegalArgumentException(where + "the model's reply between user messages");
            case AiMessage reply
            when usersTurn -> new IllegalArgumentException(where + "a user message before the model's reply");
            case ChatMessage other ->
                new UnsupportedFeatureException(where + "system, user or model, got " + other.type());
        };
    }
}
