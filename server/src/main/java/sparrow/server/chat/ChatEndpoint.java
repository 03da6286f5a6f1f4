package sparrow.server.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.chat.ChatHistory;
import sparrow.models.family.Tool;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.audio.ChatFormat;
import sparrow.server.http.Endpoint;
import sparrow.server.http.HttpExchange;
import sparrow.server.message.Check;
import sparrow.server.message.Ids;
import sparrow.server.message.Json;
import sparrow.server.message.LongTexts;
import sparrow.server.message.RefusedException;
import sparrow.server.metrics.FinishedReply.Api;
import sparrow.server.reply.AnswerMemory;
import sparrow.server.reply.Answering;
import sparrow.server.reply.AudioEncoderService;
import sparrow.server.reply.ModelName;
import sparrow.server.reply.ServedModel;

/** Handles {@code POST /v1/chat/completions}. */
public final class ChatEndpoint implements Endpoint, AutoCloseable {
    private final ServedModel served;
    private final Answering answering;
    private final AudioEncoderService encoder;
    private final Clock clock;
    private final KeptReplies replies;
    private final MessageReader messages;

    /**
     * Creates an endpoint for the served model.
     *
     * @param encoder the encoder of recordings
     * @param clock the source of the timestamps in replies
     */
    public ChatEndpoint(ServedModel served, Answering answering, AudioEncoderService encoder, Clock clock) {
        this.served = served;
        this.answering = answering;
        this.encoder = encoder;
        this.clock = clock;
        this.replies = new KeptReplies(clock);
        this.messages = new MessageReader(served.model(), replies);
    }

    /** Removes the stored replies. */
    @Override
    public void close() {
        replies.close();
    }

    @Override
    public void answer(HttpExchange exchange) throws IOException {
        Reply reply = exchange.json(this::read);
        try (AnswerMemory memory = new AnswerMemory()) {
            answering.answer(
                    exchange,
                    reply.request(),
                    reply.streams() ? new StreamWriter(exchange, reply) : new WholeWriter(exchange, reply, memory));
        }
    }

    /**
     * Reads a request.
     *
     * @throws RefusedException if the request is invalid
     */
    private Reply read(ObjectNode object) {
        ChatBody body = Json.LENIENT.read(object, ChatBody.class);
        Optional<String> caution = served.acceptModel(body.model());
        if (body.messages().isEmpty()) Check.required("messages", null);
        boolean streams = ChatBody.isTrue(body.stream());
        Optional<ChatFormat> audio = audio(body);
        if (streams) audio.ifPresent(format -> Formats.requireStreams(format, "audio.format"));
        GenerationConfig config = body.overrides().over(served.defaults(), served.model());
        List<Tool> tools = body.tools(served.model().callsTools());
        AudioEncoderService.Listening listening = encoder.listen();
        // Encoding waits for other recordings. All texts are tokenized at once, because the units of a request that
        // waits between two of them would take memory.
        ChatHistory all = body.hasRecordings()
                ? messages.read(body.messages(), tools, listening)
                : LongTexts.run(body.characters(), () -> messages.read(body.messages(), tools, listening));
        ChatHistory chat = served.obeyed(all.newest(served.window().turns()));
        SpeechMode speech = audio.isPresent() ? SpeechMode.PUBLISHED : SpeechMode.SILENT;
        return new Reply(
                new Answering.ReplyRequest(
                        Api.CHAT,
                        served.model(),
                        chat,
                        new ReplyOptions(config, speech),
                        listening.nanos(),
                        "messages",
                        ModelName.cautions(caution, all.instructions().flatMap(_ -> served.leftOut()))),
                all.earlier().size() - chat.earlier().size(),
                audio,
                streams,
                body.streamOptions() != null
                        && ChatBody.isTrue(body.streamOptions().includeUsage()),
                new Completion.Head(
                        Ids.UNGUESSABLE.next("chatcmpl-"), clock.instant().getEpochSecond(), served.id()),
                Ids.UNGUESSABLE.next("audio_"),
                replies.expiry(),
                replies);
    }

    private Optional<ChatFormat> audio(ChatBody body) {
        if (!body.isSpoken()) return Optional.empty();
        ChatBody.Audio audio = Check.required("audio", body.audio());
        served.requireVoice(audio.voiceName(), "audio.voice");
        return Optional.of(Formats.named(Check.required("audio.format", audio.format()), "audio.format"));
    }
}
