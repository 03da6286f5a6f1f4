package sparrow.server.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import sparrow.models.pool.ChatHistory;
import sparrow.server.audio.ChatFormat;
import sparrow.server.reply.Check;
import sparrow.server.reply.Json;
import sparrow.server.reply.RefusedException;
import sparrow.server.reply.Served;
import sparrow.server.reply.Wishes;

/** Makes of the body of a chat request what is asked of the model. */
final class ChatRequestReader {
    private final Served served;
    private final Ears ears;
    private final MessageReader messages;

    ChatRequestReader(Served served, KeptReplies kept, Ears ears) {
        this.served = served;
        this.ears = ears;
        this.messages = new MessageReader(served.model(), kept);
    }

    /** @throws RefusedException if it cannot be done */
    ChatRequest read(ObjectNode object) {
        ChatBody body = Json.LENIENT.read(object, ChatBody.class);
        if (!body.model().equals(served.id())) {
            throw new RefusedException(
                    "model_not_found",
                    "model",
                    "model: expected " + served.id() + ", got " + Json.brief(body.model()));
        }
        boolean stream = ChatBody.isTrue(body.stream());
        Optional<ChatFormat> audio = audio(body);
        if (stream) audio.ifPresent(format -> Formats.requireStreams(format, "audio.format"));
        boolean usage =
                body.streamOptions() != null && ChatBody.isTrue(body.streamOptions().includeUsage());
        Wishes wishes = wishes(body);
        Ears.Listening listening = ears.listen();
        ChatHistory all = messages.read(body.messages(), listening);
        ChatHistory chat = all.newest(served.window().turns());
        int forgotten = all.earlier().size() - chat.earlier().size();
        return new ChatRequest(chat, forgotten, audio, stream, usage, wishes, listening.nanos());
    }

    private Optional<ChatFormat> audio(ChatBody body) {
        if (!body.isSpoken()) return Optional.empty();
        ChatBody.Audio audio = Check.required("audio", body.audio());
        served.requireVoice(audio.voiceName(), "audio.voice");
        return Optional.of(Formats.named(Check.required("audio.format", audio.format()), "audio.format"));
    }

    private static Wishes wishes(ChatBody body) {
        Integer tokens = body.maxCompletionTokens() == null ? body.maxTokens() : body.maxCompletionTokens();
        return new Wishes(
                        body.temperature() == null ? OptionalDouble.empty() : OptionalDouble.of(body.temperature()),
                        body.topP() == null ? OptionalDouble.empty() : OptionalDouble.of(body.topP()),
                        body.seed() == null ? OptionalLong.empty() : OptionalLong.of(body.seed()),
                        tokens == null ? OptionalInt.empty() : OptionalInt.of(tokens),
                        Optional.empty())
                .withExits(body.sparrow(), "sparrow");
    }
}
