package sparrow.server.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import sparrow.models.family.Tool;
import sparrow.models.pool.ChatHistory;
import sparrow.server.audio.ChatFormat;
import sparrow.server.reply.Check;
import sparrow.server.reply.Json;
import sparrow.server.reply.RefusedException;
import sparrow.server.reply.RequestOverrides;
import sparrow.server.reply.ServedModel;
import sparrow.server.reply.ToolUse;

/** Makes of the body of a chat request what is asked of the model. */
final class ChatRequestReader {
    private final ServedModel served;
    private final AudioEncoderService encoder;
    private final MessageReader messages;

    ChatRequestReader(ServedModel served, KeptReplies kept, AudioEncoderService encoder) {
        this.served = served;
        this.encoder = encoder;
        this.messages = new MessageReader(served.model(), kept);
    }

    /** @throws RefusedException if it cannot be done */
    ChatRequest read(ObjectNode object) {
        ChatBody body = Json.LENIENT.read(object, ChatBody.class);
        served.requireModel(body.model());
        if (body.messages().isEmpty()) Check.required("messages", null);
        boolean stream = ChatBody.isTrue(body.stream());
        Optional<ChatFormat> audio = audio(body);
        if (stream) audio.ifPresent(format -> Formats.requireStreams(format, "audio.format"));
        boolean usage = body.streamOptions() != null
                && ChatBody.isTrue(body.streamOptions().includeUsage());
        RequestOverrides overrides = overrides(body);
        List<Tool> tools = ToolUse.NONE
                .merge(body.tools(), body.toolChoice())
                .ofChat(served.model().callsTools());
        AudioEncoderService.Listening listening = encoder.listen();
        ChatHistory all = messages.read(body.messages(), tools, listening);
        ChatHistory chat = served.obeyed(all.newest(served.window().turns()));
        int forgotten = all.earlier().size() - chat.earlier().size();
        Optional<String> caution = all.instructions().flatMap(_ -> served.leftOut());
        return new ChatRequest(chat, forgotten, caution, audio, stream, usage, overrides, listening.nanos());
    }

    private Optional<ChatFormat> audio(ChatBody body) {
        if (!body.isSpoken()) return Optional.empty();
        ChatBody.Audio audio = Check.required("audio", body.audio());
        served.requireVoice(audio.voiceName(), "audio.voice");
        return Optional.of(Formats.named(Check.required("audio.format", audio.format()), "audio.format"));
    }

    private static RequestOverrides overrides(ChatBody body) {
        Integer tokens = body.maxCompletionTokens() == null ? body.maxTokens() : body.maxCompletionTokens();
        return new RequestOverrides(
                        body.temperature() == null ? OptionalDouble.empty() : OptionalDouble.of(body.temperature()),
                        body.topP() == null ? OptionalDouble.empty() : OptionalDouble.of(body.topP()),
                        body.seed() == null ? OptionalLong.empty() : OptionalLong.of(body.seed()),
                        tokens == null ? OptionalInt.empty() : OptionalInt.of(tokens),
                        Optional.empty())
                .withExits(body.sparrow(), "sparrow");
    }
}
