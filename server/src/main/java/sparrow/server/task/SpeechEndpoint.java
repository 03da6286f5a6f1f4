package sparrow.server.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.audio.AudioEncoder;
import sparrow.server.audio.Base64Pieces;
import sparrow.server.audio.Base64Pieces.Base64Piece;
import sparrow.server.audio.ChatFormat;
import sparrow.server.http.Endpoint;
import sparrow.server.http.EventStream;
import sparrow.server.http.HttpExchange;
import sparrow.server.message.Json;
import sparrow.server.metrics.FinishedReply.Api;
import sparrow.server.reply.AnswerMemory;
import sparrow.server.reply.Answering;
import sparrow.server.reply.Depth;
import sparrow.server.reply.ModelName;
import sparrow.server.reply.ReplyWriter;
import sparrow.server.reply.ServedModel;
import sparrow.server.reply.TaskUsage;
import sparrow.server.reply.WholeAudio;

/** Handles {@code POST /v1/audio/speech}. */
public final class SpeechEndpoint implements Endpoint {
    /** Maximum number of audio bytes in an event: 100 ms of 16-bit samples at 24 kHz. */
    private static final int PIECE_BYTES = 4800;

    private final ServedModel served;
    private final Answering answering;

    /** Creates an endpoint for the served model. */
    public SpeechEndpoint(ServedModel served, Answering answering) {
        this.served = served;
        this.answering = answering;
    }

    @Override
    public void answer(HttpExchange exchange) throws IOException {
        served.requireReader();
        SpeechFields fields = exchange.json(object -> Json.STRICT.read(object, SpeechFields.class));
        Optional<String> caution = ModelName.cautions(served.acceptModel(fields.model()), fields.caution());
        SpokenModel reader = served.reader(fields.voiceName(), "voice");
        ChatFormat format = fields.responseFormat().wire();
        String contentType = fields.responseFormat().contentType();
        int rateHz = reader.synthesizer().sampleRateHz();
        Answering.ReplyRequest request = new Answering.ReplyRequest(
                Api.SPEECH,
                reader,
                ChatHistory.of(new Question.Typed(fields.input())),
                new ReplyOptions(served.defaults(reader), SpeechMode.PUBLISHED),
                0,
                "input",
                caution);
        try (AnswerMemory memory = new AnswerMemory()) {
            answering.answer(
                    exchange,
                    request,
                    switch (fields.streamFormat()) {
                        case AUDIO ->
                            format.streams()
                                    ? new Bytes(exchange, contentType, format.encoder(rateHz))
                                    : new Whole(exchange, contentType, new WholeAudio(format, rateHz, memory), memory);
                        case SSE -> {
                            Events events = new Events(
                                    exchange.events(), format.encoder(rateHz), new Base64Pieces(PIECE_BYTES), request);
                            yield format.streams()
                                    ? events
                                    : new WholeEvents(events, new WholeAudio(format, rateHz, memory), memory);
                        }
                    });
        }
    }

    /** Sends the audio as bytes when it is complete. */
    private record Whole(HttpExchange exchange, String contentType, WholeAudio audio, AnswerMemory memory)
            implements ReplyWriter {
        @Override
        public void waiting() {
            memory.check();
        }

        @Override
        public void speech(float[] samples) {
            audio.accept(samples);
        }

        @Override
        public void end(PooledReply ended) throws IOException {
            List<byte[]> pieces = audio.finish();
            exchange.begin(contentType);
            exchange.header("content-length", Long.toString(audio.length()));
            for (byte[] piece : pieces) exchange.write(false, piece);
            exchange.write(true, new byte[0]);
        }
    }

    /** Sends the audio as events when it is complete. */
    private record WholeEvents(Events sent, WholeAudio audio, AnswerMemory memory) implements ReplyWriter.Streamed {
        @Override
        public EventStream events() {
            return sent.events();
        }

        @Override
        public void waiting() throws IOException {
            memory.check();
            ReplyWriter.Streamed.super.waiting();
        }

        @Override
        public void speech(float[] samples) {
            audio.accept(samples);
        }

        @Override
        public void end(PooledReply ended) throws IOException {
            for (byte[] piece : audio.finish()) sent.send(sent.pieces().accept(piece));
            sent.end(ended);
        }
    }

    /** Sends the audio as bytes while it is generated. */
    private static final class Bytes implements ReplyWriter {
        private final HttpExchange exchange;
        private final String contentType;
        private final AudioEncoder encoder;
        private boolean begun;

        Bytes(HttpExchange exchange, String contentType, AudioEncoder encoder) {
            this.exchange = exchange;
            this.contentType = contentType;
            this.encoder = encoder;
        }

        @Override
        public void speech(float[] samples) throws IOException {
            byte[] ready = encoder.accept(samples);
            if (ready.length == 0) return;
            if (!begun) exchange.begin(contentType);
            begun = true;
            exchange.write(false, ready);
        }

        @Override
        public void end(PooledReply ended) throws IOException {
            byte[] rest = encoder.finish();
            if (begun) exchange.write(true, rest);
            else exchange.send(200, contentType, rest);
        }
    }

    /**
     * An event in a stream.
     *
     * @param audio the audio in base64
     * @param sparrow Sparrow's additional fields
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Event(String type, String audio, TaskUsage usage, Depth sparrow) {}

    /** Sends the audio as events while it is generated. */
    private record Events(EventStream events, AudioEncoder encoder, Base64Pieces pieces, Answering.ReplyRequest request)
            implements ReplyWriter.Streamed {
        @Override
        public void speech(float[] samples) throws IOException {
            send(pieces.accept(encoder.accept(samples)));
        }

        private void send(List<Base64Piece> ready) throws IOException {
            for (Base64Piece piece : ready) {
                events.send(new Event("speech.audio.delta", piece.text(), null, null));
            }
        }

        @Override
        public void end(PooledReply ended) throws IOException {
            send(pieces.accept(encoder.finish()));
            send(pieces.finish());
            events.send(new Event("speech.audio.done", null, TaskUsage.spoken(ended), request.depth(ended)));
            events.done();
        }
    }
}
