package sparrow.server.chat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PooledReply;
import sparrow.server.audio.AudioEncoder;
import sparrow.server.audio.Base64Pieces;
import sparrow.server.audio.Base64Pieces.Base64Piece;
import sparrow.server.http.EventStream;
import sparrow.server.http.HttpExchange;
import sparrow.server.reply.ReplyWriter;

/** Sends a reply as events while it is generated. */
final class StreamWriter implements ReplyWriter.Streamed {
    /** Maximum number of audio bytes in an event: 100 ms of 16-bit samples at 24 kHz. */
    private static final int PIECE_BYTES = 4800;

    private final EventStream events;
    private final Reply reply;
    private final Optional<AudioEncoder> sound;

    private final Base64Pieces pieces = new Base64Pieces(PIECE_BYTES);
    private final List<Completion.Call> calls = new ArrayList<>();

    StreamWriter(HttpExchange exchange, Reply reply) {
        this.reply = reply;
        this.sound = reply.encoder();
        this.events = exchange.events();
    }

    @Override
    public void begin() throws IOException {
        CompletionChunk.Audio audio = sound.isPresent() ? CompletionChunk.Audio.begin(reply.audioId()) : null;
        send(CompletionChunk.Delta.begin(audio));
    }

    @Override
    public EventStream events() {
        return events;
    }

    @Override
    public void text(String piece) throws IOException {
        if (sound.isEmpty()) send(CompletionChunk.Delta.content(piece));
        else send(CompletionChunk.Delta.audio(CompletionChunk.Audio.transcript(piece)));
    }

    @Override
    public void speech(float[] samples) throws IOException {
        send(pieces.accept(sound.orElseThrow().accept(samples)));
    }

    private void send(List<Base64Piece> ready) throws IOException {
        for (Base64Piece piece : ready) {
            send(CompletionChunk.Delta.audio(CompletionChunk.Audio.data(piece.text())));
        }
    }

    @Override
    public void call(ToolCall call) throws IOException {
        calls.add(Completion.Call.of(calls.size(), call));
        send(CompletionChunk.Delta.call(calls.getLast()));
    }

    @Override
    public void end(PooledReply ended) throws IOException {
        reply.keep(ended, calls);
        if (sound.isPresent()) {
            send(pieces.accept(sound.get().finish()));
            send(pieces.finish());
        }
        events.send(CompletionChunk.finished(
                reply.head(), last(), Reply.finishReason(ended.reply().stop(), !calls.isEmpty()), reply.depth(ended)));
        if (reply.usage()) events.send(CompletionChunk.cost(reply.head(), reply.cost(ended)));
        events.done();
    }

    /**
     * Returns the last delta, which contains the expiry time of a spoken reply. Clients treat the expiry time as the
     * end of the reply, so it must not be sent before the finish reason.
     */
    private CompletionChunk.Delta last() {
        if (sound.isEmpty()) return CompletionChunk.Delta.NOTHING;
        return CompletionChunk.Delta.audio(
                CompletionChunk.Audio.expiresAt(reply.expires().getEpochSecond()));
    }

    private void send(CompletionChunk.Delta delta) throws IOException {
        events.send(CompletionChunk.of(reply.head(), delta));
    }
}
