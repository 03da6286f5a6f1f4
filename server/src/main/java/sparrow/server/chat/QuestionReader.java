package sparrow.server.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import sparrow.models.Question;
import sparrow.server.reply.RefusedException;

/** Reads a message of the user: typed, or spoken. */
final class QuestionReader {
    /** @throws RefusedException if it is neither */
    Question read(Fields message) {
        JsonNode content = message.raw("content");
        if (content == null) throw message.missing("content");
        if (content.isTextual()) return typed(content.textValue(), message);
        List<Fields> parts = message.children("content");
        List<Fields> spoken = parts.stream().filter(QuestionReader::isSpoken).toList();
        if (spoken.isEmpty()) {
            return typed(
                    parts.stream().map(part -> part.requiredString("text")).collect(Collectors.joining("\n")), message);
        }
        if (parts.size() > 1) {
            throw RefusedException.value(
                    message.place("content"),
                    message.place("content") + ": expected text, or one recording; a question of this model is one of"
                            + " both, got " + parts.size() + " parts with " + spoken.size() + " recordings");
        }
        return new Question.Spoken(InputAudio.read(parts.getFirst().requiredChild("input_audio")));
    }

    private static boolean isSpoken(Fields part) {
        String type = part.requiredString("type");
        return switch (type) {
            case "text" -> false;
            case "input_audio" -> true;
            default ->
                throw new RefusedException(
                        "unsupported_value",
                        part.place("type"),
                        part.place("type") + ": expected text or input_audio, got " + Fields.shown(type));
        };
    }

    private static Question typed(String text, Fields message) {
        if (text.isBlank()) {
            throw RefusedException.value(
                    message.place("content"), message.place("content") + ": expected some text, got none");
        }
        return new Question.Typed(text);
    }
}
