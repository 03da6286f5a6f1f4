package sparrow.server.chat;

import java.io.IOException;
import java.time.Clock;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.http.Call;
import sparrow.server.http.Endpoint;
import sparrow.server.metrics.Api;
import sparrow.server.reply.ServedModel;

/** {@code POST /v1/chat/completions}. */
public final class ChatEndpoint implements Endpoint {
    private final ServedModel served;
    private final Answering answering;
    private final KeptReplies kept;
    private final ChatRequestReader reader;
    private final Clock clock;

    /**
     * Of the model that is served.
     *
     * @param encoder hears recordings
     * @param clock of the times that clients are told
     */
    public ChatEndpoint(ServedModel served, Answering answering, AudioEncoderService encoder, Clock clock) {
        this.served = served;
        this.answering = answering;
        this.clock = clock;
        this.kept = new KeptReplies(clock);
        this.reader = new ChatRequestReader(served, kept, encoder);
    }

    @Override
    public void answer(Call call) throws IOException {
        ChatRequest request = call.json(reader::read);
        GenerationConfig config = request.overrides().over(served.defaults(), served.model());
        Reply reply = Reply.begin(served, request, config, clock.instant(), kept);
        SpeechMode speechMode = request.audio().isPresent() ? SpeechMode.PUBLISHED : SpeechMode.SILENT;
        Answering.Asked asked = new Answering.Asked(
                Api.CHAT,
                served.model(),
                request.chat(),
                new ReplyOptions(config, speechMode),
                request.hearingNanos(),
                "messages");
        answering.answer(call, asked, request.stream() ? new StreamWriter(call, reply) : new WholeWriter(call, reply));
    }
}
