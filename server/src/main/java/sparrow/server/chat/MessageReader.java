package sparrow.server.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.pool.ChatHistory;
import sparrow.models.pool.ChatTurn;
import sparrow.server.reply.RefusedException;

/**
 * Reads messages as a chat: instructions first, then questions of the user and replies of the model in turn, the last of
 * them a question.
 */
final class MessageReader {
    private static final int MOST_MESSAGES = 1000;

    private final SpokenModel model;
    private final KeptReplies kept;
    private final QuestionReader questions = new QuestionReader();

    MessageReader(SpokenModel model, KeptReplies kept) {
        this.model = model;
        this.kept = kept;
    }

    /**
     * The messages of a request.
     *
     * @param ears that hear recordings
     * @throws RefusedException if they are no chat that the model can continue
     */
    ChatHistory read(Fields request, Ears.Listening ears) {
        List<Fields> messages = request.children("messages");
        if (messages.isEmpty()) throw request.missing("messages");
        if (messages.size() > MOST_MESSAGES) {
            throw RefusedException.value(
                    "messages", "messages: expected at most " + MOST_MESSAGES + ", got " + messages.size());
        }
        Course course = new Course(ears);
        for (Fields message : messages) course.add(message);
        return course.chat(messages.getLast());
    }

    /** What was said so far. */
    private final class Course {
        private final Ears.Listening ears;
        private final List<String> instructions = new ArrayList<>();
        private final List<ChatTurn> earlier = new ArrayList<>();

        /** Null before the first. */
        private Question question;

        private final List<Unit> reply = new ArrayList<>();

        Course(Ears.Listening ears) {
            this.ears = ears;
        }

        void add(Fields message) {
            String role = message.requiredString("role");
            switch (role) {
                case "system", "developer" -> instruct(message);
                case "user" -> ask(message);
                case "assistant" -> answer(message);
                default ->
                    throw RefusedException.value(
                            message.place("role"),
                            message.place("role") + ": expected system, developer, user or assistant, got "
                                    + Fields.shown(role));
            }
        }

        private void instruct(Fields message) {
            if (question != null) {
                throw RefusedException.value(
                        message.path(),
                        message.path() + ": expected instructions before the first question; the model has no place for"
                                + " later ones");
            }
            instructions.add(text(message));
        }

        private void ask(Fields message) {
            complete();
            question = ears.hear(questions.read(message), message.path());
        }

        private void answer(Fields message) {
            if (question == null) {
                throw RefusedException.value(
                        message.path(), message.path() + ": expected a question before the first reply");
            }
            reply.addAll(reply(message));
        }

        private void complete() {
            if (question == null) return;
            earlier.add(new ChatTurn(question, reply));
            reply.clear();
        }

        ChatHistory chat(Fields last) {
            if (!last.requiredString("role").equals("user")) {
                throw RefusedException.value(
                        last.path(), last.path() + ": expected a question of the user as the last message");
            }
            Optional<String> all =
                    instructions.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", instructions));
            return new ChatHistory(all, earlier, question);
        }
    }

    /** A reply of the model that it still knows, or somebody's text in its place. */
    private List<Unit> reply(Fields message) {
        Optional<Fields> audio = message.child("audio");
        if (audio.isEmpty()) return model.replyUnits(text(message));
        String name = audio.get().requiredString("id");
        return kept.find(name)
                .orElseThrow(() -> new RefusedException(
                        "audio_not_found",
                        audio.get().place("id"),
                        audio.get().place("id") + ": expected a reply that this server gave within "
                                + KeptReplies.KEPT.toMinutes() + " minutes, got " + Fields.shown(name)));
    }

    /** A string, or parts of text. */
    private static String text(Fields message) {
        JsonNode content = message.raw("content");
        if (content == null) throw message.missing("content");
        if (content.isTextual()) return content.textValue();
        return message.children("content").stream().map(MessageReader::part).collect(Collectors.joining("\n"));
    }

    private static String part(Fields part) {
        String type = part.requiredString("type");
        return switch (type) {
            case "text" -> part.requiredString("text");
            case "refusal" -> part.requiredString("refusal");
            default ->
                throw new RefusedException(
                        "unsupported_value",
                        part.place("type"),
                        part.place("type") + ": expected text, got " + Fields.shown(type));
        };
    }
}
