package sparrow.server.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.audio.ChatFormat;
import sparrow.server.audio.EncodedAudio;
import sparrow.server.audio.Sound;
import sparrow.server.http.ClientWatch;
import sparrow.server.http.Endpoint;
import sparrow.server.http.EventStream;
import sparrow.server.http.Form;
import sparrow.server.http.HttpExchange;
import sparrow.server.http.HttpFailure;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.metrics.FinishedReply.Api;
import sparrow.server.reply.Answering;
import sparrow.server.reply.AudioEncoderService;
import sparrow.server.reply.Depth;
import sparrow.server.reply.RecognizerQueue;
import sparrow.server.reply.ReplyWriter;
import sparrow.server.reply.RequestOverrides;
import sparrow.server.reply.ServedModel;
import sparrow.server.reply.TaskUsage;
import sparrow.speech.wave.Waveform;

/** Handles {@code POST /v1/audio/transcriptions}. */
public final class TranscriptionsEndpoint implements Endpoint {
    private static final System.Logger LOG = System.getLogger("sparrow.server");

    /** Maximum duration of a recording in seconds. */
    private static final int MAX_SECONDS = 600;

    private final ServedModel served;
    private final Answering answering;
    private final AudioEncoderService encoder;

    /**
     * Creates an endpoint for the served model.
     *
     * @param encoder the encoder of recordings
     */
    public TranscriptionsEndpoint(ServedModel served, Answering answering, AudioEncoderService encoder) {
        this.served = served;
        this.answering = answering;
        this.encoder = encoder;
    }

    /** A request with its recording. */
    private record Recorded(TranscriptionFields fields, EncodedAudio sound, Optional<String> caution) {}

    /**
     * A request to the model.
     *
     * @param question the encoded recording
     * @param seconds the duration of the recording
     * @param hearingNanos the time that encoding took
     */
    private record Heard(
            TranscriptionFields fields,
            Question question,
            double seconds,
            long hearingNanos,
            Optional<String> caution) {}

    /** A request to a recogniser, with the duration of the recording. */
    private record Recognized(TranscriptionFields fields, double seconds, CompletableFuture<String> words) {}

    @Override
    public void answer(HttpExchange exchange) throws IOException {
        if (served.recognizer().isPresent())
            recognize(exchange, served.recognizer().get());
        else ask(exchange, served.transcriber());
    }

    private void recognize(HttpExchange exchange, RecognizerQueue recognizer) throws IOException {
        Recognized request = exchange.form("file", form -> recognize(record(form), recognizer));
        CompletableFuture<String> words = request.words();
        boolean streams = request.fields().stream();
        EventStream events = exchange.events();
        String text;
        try (ClientWatch watch = exchange.watch(() -> words.cancel(false))) {
            while (isPending(words)) {
                if (streams) events.comment("wait");
                else if (watch.isDue()) watch.probe();
            }
            text = words.join();
        } catch (CancellationException e) {
            throw new IOException("the client has disconnected", e);
        } catch (CompletionException e) {
            HttpFailure failure = failure(exchange, e.getCause());
            if (!streams) throw failure;
            events.fail(failure);
            return;
        } finally {
            words.cancel(false);
        }
        if (!streams) {
            send(exchange, request.fields(), request.seconds(), text, TaskUsage.seconds(request.seconds()), null);
            return;
        }
        events.send(new Event("transcript.text.delta", text, null, null, null));
        // A stream can report its usage only in tokens.
        events.send(new Event("transcript.text.done", null, text, null, null));
        events.done();
    }

    /**
     * Starts the recognition of a recording. The bytes of the file are not retained, because they may be much larger
     * than the samples.
     */
    private Recognized recognize(Recorded recorded, RecognizerQueue recognizer) {
        EncodedAudio sound = recorded.sound();
        CompletableFuture<String> words = recognizer.transcribe(sound.samples(), () -> {
            Waveform decoded = encoder.decode(sound, "file");
            return Sound.of(decoded.samples(), decoded.sampleRateHz());
        });
        return new Recognized(recorded.fields(), sound.seconds(), words);
    }

    /** Waits for a while, and returns whether the text is still pending. */
    private static boolean isPending(CompletableFuture<String> words) {
        return words.handle((_, _) -> false)
                .completeOnTimeout(true, Answering.WAITING.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private static HttpFailure failure(HttpExchange exchange, Throwable cause) {
        if (cause instanceof RefusedException closing) return HttpFailure.refused(closing);
        LOG.log(System.Logger.Level.ERROR, exchange.requestId() + ": the recogniser failed", cause);
        return HttpFailure.fault(exchange.requestId());
    }

    private void ask(HttpExchange exchange, SpokenModel transcriber) throws IOException {
        Heard heard = exchange.form("file", this::read);
        GenerationConfig config = new RequestOverrides(heard.fields().temperature(), null, null, null, null)
                .over(served.defaults(transcriber), transcriber);
        Answering.ReplyRequest request = new Answering.ReplyRequest(
                Api.TRANSCRIPTIONS,
                transcriber,
                ChatHistory.of(heard.question()),
                new ReplyOptions(config, SpeechMode.SILENT),
                heard.hearingNanos(),
                "file",
                heard.caution());
        answering.answer(
                exchange,
                request,
                heard.fields().stream()
                        ? new Streamed(exchange.events(), request)
                        : ended -> send(
                                exchange,
                                heard.fields(),
                                heard.seconds(),
                                ended.text(),
                                TaskUsage.heard(ended),
                                request.depth(ended)));
    }

    private Heard read(Form form) {
        Recorded recorded = record(form);
        AudioEncoderService.Listening listening = encoder.listen();
        Question question = listening.hear(recorded.sound(), "file");
        return new Heard(
                recorded.fields(), question, recorded.sound().seconds(), listening.nanos(), recorded.caution());
    }

    private Recorded record(Form form) {
        TranscriptionFields fields = Json.STRICT.read(form.typed("stream", "temperature"), TranscriptionFields.class);
        Optional<String> caution = served.acceptModel(fields.model());
        return new Recorded(fields, sound(Check.required("file", form.file().orElse(null))), caution);
    }

    /** Opens a recording. Its format is detected from the first bytes, because file names are unreliable. */
    private static EncodedAudio sound(byte[] file) {
        String magic = new String(file, 0, Math.min(4, file.length), StandardCharsets.ISO_8859_1);
        ChatFormat format = switch (magic) {
            case "RIFF" -> ChatFormat.WAV;
            case "OggS" -> ChatFormat.OPUS;
            default ->
                throw new RefusedException(
                        "unsupported_value", "file", "file: expected WAV or Opus in Ogg, found another format");
        };
        try {
            return format.open(file, MAX_SECONDS);
        } catch (IllegalArgumentException e) {
            throw RefusedException.value("file", "file: " + e.getMessage());
        }
    }

    private static void send(
            HttpExchange exchange,
            TranscriptionFields fields,
            double seconds,
            String text,
            TaskUsage usage,
            Depth sparrow)
            throws IOException {
        switch (fields.responseFormat()) {
            case JSON -> exchange.sendJson(200, new Transcription(text, usage, sparrow));
            case TEXT ->
                exchange.send(200, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
            case VERBOSE_JSON -> {
                TaskUsage duration = TaskUsage.seconds(seconds);
                exchange.sendJson(
                        200, new VerboseTranscription("transcribe", "unknown", seconds, text, duration, sparrow));
            }
        }
    }

    /** A transcription. Sparrow's additional fields are null for a recogniser. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Transcription(String text, TaskUsage usage, Depth sparrow) {}

    /**
     * A transcription without timestamps.
     *
     * @param language a required key, although the model does not detect the language
     * @param duration the duration of the recording in seconds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record VerboseTranscription(
            String task, String language, double duration, String text, TaskUsage usage, Depth sparrow) {}

    /** An event in a stream. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Event(String type, String delta, String text, TaskUsage usage, Depth sparrow) {}

    /** Sends the text as events while it is generated. */
    private record Streamed(EventStream events, Answering.ReplyRequest request) implements ReplyWriter.Streamed {
        @Override
        public void text(String piece) throws IOException {
            events.send(new Event("transcript.text.delta", piece, null, null, null));
        }

        @Override
        public void end(PooledReply ended) throws IOException {
            events.send(new Event(
                    "transcript.text.done", null, ended.text(), TaskUsage.heard(ended), request.depth(ended)));
            events.done();
        }
    }
}
