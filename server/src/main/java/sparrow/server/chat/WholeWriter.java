package sparrow.server.chat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PooledReply;
import sparrow.server.audio.Base64Pieces;
import sparrow.server.audio.Base64Pieces.Base64Piece;
import sparrow.server.http.HttpExchange;
import sparrow.server.message.Json;
import sparrow.server.reply.AnswerMemory;
import sparrow.server.reply.ReplyWriter;
import sparrow.server.reply.WholeAudio;

/** Sends a reply once it is complete. */
final class WholeWriter implements ReplyWriter {
    /** Maximum number of audio bytes that are encoded in base64 at a time. */
    private static final int PIECE_BYTES = 48_000;

    private final HttpExchange exchange;
    private final Reply reply;
    private final AnswerMemory memory;
    private final Optional<WholeAudio> audio;
    private final List<Completion.Call> calls = new ArrayList<>();

    WholeWriter(HttpExchange exchange, Reply reply, AnswerMemory memory) {
        this.exchange = exchange;
        this.reply = reply;
        this.memory = memory;
        this.audio = reply.audio()
                .map(format -> new WholeAudio(format, reply.request().sampleRateHz(), memory));
    }

    @Override
    public void waiting() {
        memory.check();
    }

    @Override
    public void text(String piece) {
        memory.add(2L * piece.length());
    }

    @Override
    public void speech(float[] samples) {
        audio.orElseThrow().accept(samples);
    }

    @Override
    public void call(ToolCall call) {
        memory.add(2L * call.arguments().length());
        calls.add(Completion.Call.of(null, call));
    }

    @Override
    public void end(PooledReply ended) throws IOException {
        boolean silent = !calls.isEmpty() && ended.text().isEmpty();
        if (audio.isPresent() && !silent) {
            List<byte[]> pieces = audio.get().finish();
            reply.keep(ended, calls);
            send(
                    completion(
                            ended,
                            null,
                            new Completion.Audio(
                                    reply.audioId(), "", reply.expires().getEpochSecond(), ended.text())),
                    pieces);
        } else {
            memory.complete();
            reply.keep(ended, calls);
            // The answer is counted while it is sent.
            memory.close();
            exchange.sendJson(200, completion(ended, audio.isPresent() || silent ? null : ended.text(), null));
        }
    }

    private Completion completion(PooledReply ended, String content, Completion.Audio spoken) {
        Completion.Message message = new Completion.Message("assistant", content, null, spoken, calls);
        String finish = Reply.finishReason(ended.reply().stop(), !calls.isEmpty());
        return new Completion(reply.head(), message, finish, reply.cost(ended), reply.depth(ended));
    }

    /** Sends a completion, with the audio in base64 in place of its empty data. */
    private void send(Completion completion, List<byte[]> audioBytes) throws IOException {
        String json = Json.text(completion);
        String key = "\"data\":\"";
        int at = json.indexOf(key) + key.length();
        byte[] head = json.substring(0, at).getBytes(StandardCharsets.UTF_8);
        byte[] tail = json.substring(at).getBytes(StandardCharsets.UTF_8);
        long base64Bytes = Math.ceilDiv(audio.orElseThrow().length(), 3) * 4;
        exchange.begin("application/json");
        exchange.header("content-length", Long.toString(head.length + base64Bytes + tail.length));
        exchange.write(false, head);
        Base64Pieces base64 = new Base64Pieces(PIECE_BYTES);
        for (byte[] bytes : audioBytes) write(base64.accept(bytes));
        write(base64.finish());
        exchange.write(true, tail);
    }

    private void write(List<Base64Piece> pieces) throws IOException {
        for (Base64Piece piece : pieces) exchange.write(false, piece.text().getBytes(StandardCharsets.US_ASCII));
    }
}
