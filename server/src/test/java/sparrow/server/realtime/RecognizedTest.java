package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.audio.transcriptions.Transcription;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionStreamEvent;
import com.openai.models.realtime.ConversationItemInputAudioTranscriptionCompletedEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.models.chat.Window;
import sparrow.server.Running;
import sparrow.server.Socketed;
import sparrow.server.SparrowServer;
import sparrow.server.Wire;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.reply.Answering;
import sparrow.server.reply.RecognizerQueue;
import sparrow.server.reply.ServedModel;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The bundled model was not trained to transcribe; with a recogniser what is said to it is written down, for OpenAI's own client too. */
class RecognizedTest {
    private static final String TRANSCRIPTIONS = "/v1/audio/transcriptions";

    private static Running running;
    private static SparrowServer server;
    private static RecognizerQueue queue;
    private static volatile boolean fails;

    /** No recording is heard before it is done. */
    private static volatile CompletableFuture<Void> heard;

    @BeforeAll
    static void start() throws IOException {
        running = new Running();
        queue = new RecognizerQueue(new SpeechRecognizer() {
            @Override
            public String transcribe(Waveform speech) throws IOException {
                heard.join();
                if (fails) throw new IOException("out of order");
                return words(speech);
            }

            @Override
            public void close() {}
        });
        server = SparrowServer.start(
                new ServedModel(
                        Running.MODEL,
                        running.pool,
                        running.config(),
                        Instant.EPOCH,
                        Window.of(running.model),
                        Optional.of(queue)),
                new ServerMetrics(Running.MODEL, running.model.languageModel().layers()),
                Running.OPTIONS);
        server.ready();
    }

    @AfterAll
    static void stop() {
        server.close();
        queue.close();
        running.close();
    }

    @BeforeEach
    void mend() {
        fails = false;
        heard = CompletableFuture.completedFuture(null);
    }

    /** In half seconds, which resampling changes none of. */
    private static String words(Waveform speech) {
        return "halves of a second: " + Math.round(2 * speech.seconds());
    }

    private static String words(int question) throws IOException {
        return words(WavFile.read(Running.example(question)));
    }

    private static OpenAIClient client() {
        return com.openai.client.okhttp.OpenAIOkHttpClient.builder()
                .baseUrl(server.address() + "/v1")
                .apiKey("none")
                .responseValidation(true)
                .build();
    }

    private static TranscriptionCreateParams recording() {
        return TranscriptionCreateParams.builder()
                .model(Running.MODEL)
                .file(Running.example(1))
                .build();
    }

    @Test
    void theOfficialClientReadsATranscription() throws IOException {
        OpenAIClient client = client();
        List<String> deltas = new ArrayList<>();
        List<String> done = new ArrayList<>();

        Transcription read = client.audio().transcriptions().create(recording()).asTranscription();
        try (StreamResponse<TranscriptionStreamEvent> events =
                client.audio().transcriptions().createStreaming(recording())) {
            events.stream().forEach(event -> {
                event.transcriptTextDelta().ifPresent(delta -> deltas.add(delta.delta()));
                event.transcriptTextDone().ifPresent(end -> done.add(end.text()));
            });
        }
        client.close();

        assertThat(read.text()).isEqualTo(words(1));
        assertThat(read.usage().orElseThrow().asDuration().seconds())
                .isEqualTo(WavFile.read(Running.example(1)).seconds());
        assertThat(read._allProperties()).doesNotContainKey("sparrow");
        assertThat(deltas).containsExactly(words(1));
        assertThat(done).containsExactly(words(1));
    }

    @Test
    void textAFailureAndTheModelAreToldByHand() throws IOException {
        try (Wire wire = new Wire(server.address())) {
            Wire.Said text =
                    wire.form(TRANSCRIPTIONS, Running.example(2), "model", Running.MODEL, "response_format", "text");
            fails = true;
            Wire.Said failed = wire.form(TRANSCRIPTIONS, Running.example(2), "model", Running.MODEL);

            assertThat(text.text()).isEqualTo(words(2) + "\n");
            assertThat(failed.status()).isEqualTo(500);
            assertThat(failed.code()).isEqualTo("internal_error");
            assertThat(wire.get("/v1/models/" + Running.MODEL)
                            .json()
                            .at("/sparrow/transcribes")
                            .asBoolean())
                    .isTrue();
        }
        try (Wire without = new Wire(running.server.address())) {
            assertThat(without.form(TRANSCRIPTIONS, Running.example(2), "model", Running.MODEL)
                            .code())
                    .isEqualTo("unsupported_endpoint");
        }
    }

    @Test
    @Tag("full")
    void aStreamThatWaitsLivesAndTellsOfAFailure() throws IOException {
        heard = new CompletableFuture<>();
        fails = true;
        byte[] form = Wire.form(Files.readAllBytes(Running.example(2)), "model", Running.MODEL, "stream", "true");
        long start = System.nanoTime();
        try (Socketed client = new Socketed(server.address()).post(TRANSCRIPTIONS, Wire.FORM, form)) {
            String waiting = client.readUntil(": wait");
            heard.complete(null);
            String failed = client.readUntil("\r\n0\r\n");

            assertThat(waiting).startsWith("HTTP/1.1 200").doesNotContain("data:");
            assertThat(failed).contains("data: {\"error\":").doesNotContain("[DONE]");
            // The server says it no more often, however late this thread reads.
            long passed = Duration.ofNanos(System.nanoTime() - start).dividedBy(Answering.WAITING);
            assertThat((waiting + failed).split(": wait", -1)).hasSizeBetween(2, 1 + (int) passed);
        } finally {
            heard.complete(null);
        }
    }

    @Test
    void aDamagedRecordingIsRefused() {
        byte[] wav = WavFile.bytes(new Waveform(new float[8000], 16_000), SampleFormat.FLOAT32);
        ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).putFloat(wav.length - 4, Float.NaN);
        try (Wire wire = new Wire(server.address())) {
            Wire.Said damaged = wire.form(TRANSCRIPTIONS, wav, "model", Running.MODEL);

            assertThat(damaged.status()).isEqualTo(400);
            assertThat(damaged.message()).isEqualTo("file: wav: sample 7999: expected a finite number, found NaN");
        }
    }

    @Test
    void aTurnIsWrittenDownBesideItsResponse() throws IOException {
        try (OfficialClient client = new OfficialClient(server.address().getPort(), "none")) {
            client.await("conversation.created");
            client.send("""
                {"type":"session.update","session":{"type":"realtime","output_modalities":["text"],"audio":{"input":{
                "turn_detection":null,"transcription":{"model":"whisper-1"}}}}}\
                """);
            client.await("session.updated");
            client.say(WavFile.read(Running.example(1)));
            client.send("{\"type\":\"input_audio_buffer.commit\"}");

            ConversationItemInputAudioTranscriptionCompletedEvent completed = client.await(
                            "conversation.item.input_audio_transcription.completed")
                    .asConversationItemInputAudioTranscriptionCompleted();

            assertThat(completed.transcript()).isEqualTo(words(1));
            assertThat(completed.usage().asTranscriptTextUsageDuration().seconds())
                    .isEqualTo(
                            WavFile.read(Running.example(1)).seconds(), org.assertj.core.api.Assertions.within(0.01));
            assertThat(client.types())
                    .containsSubsequence(
                            "conversation.item.done",
                            "conversation.item.input_audio_transcription.delta",
                            "conversation.item.input_audio_transcription.completed");
        }
    }
}
