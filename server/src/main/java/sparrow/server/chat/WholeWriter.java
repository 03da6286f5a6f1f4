package sparrow.server.chat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PooledReply;
import sparrow.server.audio.AudioEncoder;
import sparrow.server.http.HttpExchange;
import sparrow.server.reply.ReplyWriter;

/** Sends a reply once it is complete. */
final class WholeWriter implements ReplyWriter {
    private final HttpExchange exchange;
    private final Reply reply;
    private final Optional<AudioEncoder> sound;
    private final ByteArrayOutputStream audio = new ByteArrayOutputStream();
    private final List<Completion.Call> calls = new ArrayList<>();

    WholeWriter(HttpExchange exchange, Reply reply) {
        this.exchange = exchange;
        this.reply = reply;
        this.sound = reply.encoder();
    }

    @Override
    public void speech(float[] samples) {
        audio.writeBytes(sound.orElseThrow().accept(samples));
    }

    @Override
    public void call(ToolCall call) {
        calls.add(Completion.Call.of(null, call));
    }

    @Override
    public void end(PooledReply ended) throws IOException {
        reply.keep(ended, calls);
        sound.ifPresent(last -> audio.writeBytes(last.finish()));
        boolean silent = !calls.isEmpty() && ended.text().isEmpty();
        Completion.Message message = new Completion.Message(
                "assistant",
                sound.isPresent() || silent ? null : ended.text(),
                null,
                sound.isPresent() && !silent ? spoken(ended) : null,
                calls);
        String finish = Reply.finishReason(ended.reply().stop(), !calls.isEmpty());
        exchange.sendJson(200, new Completion(reply.head(), message, finish, reply.cost(ended), reply.depth(ended)));
    }

    private Completion.Audio spoken(PooledReply ended) {
        return new Completion.Audio(
                reply.audioId(),
                Base64.getEncoder().encodeToString(audio.toByteArray()),
                reply.expires().getEpochSecond(),
                ended.text());
    }
}
