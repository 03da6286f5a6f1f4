package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.models.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.models.SpokenModels;
import sparrow.server.http.Router;
import sparrow.server.live.LiveCalls;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.realtime.RealtimeCalls;
import sparrow.server.realtime.RealtimeSessions;
import sparrow.server.realtime.session.RealtimeOptions;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;
import sparrow.server.reply.ServedModel;
import sparrow.server.vad.EnergyVad;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Everything else that the server answers to. */
class RoutesTest {
    private static Running running;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        running = new Running(
                Running.OPTIONS.withQuestions(SpokenModels.bundledQuestions()),
                sparrow.models.pool.PoolOptions.DEFAULT);
        wire = new Wire(running.server.address());
    }

    @AfterAll
    static void stop() {
        wire.close();
        running.close();
    }

    @Test
    void theOfficialClientFindsTheModel() {
        OpenAIClient client = running.client();

        assertThat(client.models().list().data()).extracting(Model::id).containsExactly(Running.MODEL);
        assertThat(client.models().retrieve(Running.MODEL).ownedBy()).isEqualTo("sparrow");
    }

    @Test
    void theModelSaysHowDeepItIsAndWhereItExits() {
        var sparrow = wire.get("/v1/models/" + Running.MODEL).json().path("sparrow");

        assertThat(sparrow.path("layers").asInt()).isEqualTo(16);
        assertThat(sparrow.path("exit_layers")).hasToString("[6,8,10,12,14]");
        assertThat(sparrow.path("exit").asText()).isEqualTo("even:12");
        assertThat(sparrow.path("sample_rate_hz").asInt()).isEqualTo(22_050);
        assertThat(sparrow.path("fingerprint").asText()).hasSize(64);
        assertThat(sparrow.path("turns").asInt()).isGreaterThan(1);
        assertThat(sparrow.path("instructions").asBoolean(true)).isFalse();
        assertThat(sparrow.path("about").asText()).contains("585 facts");
    }

    @Test
    void anotherModelIsNotFound() {
        assertThat(wire.get("/v1/models/gpt-4o").code()).isEqualTo("model_not_found");
    }

    @Test
    void theStatusNamesRecordingsThatTheServerHas() throws IOException {
        var status = wire.get("/sparrow/v1/status").json();

        assertThat(status.path("model").asText()).isEqualTo(Running.MODEL);
        assertThat(status.path("layers").asInt()).isEqualTo(16);
        assertThat(status.path("queue").asInt()).isZero();
        assertThat(status.path("kv_limit").asLong()).isPositive();
        assertThat(status.path("questions")).hasSize(6);
        Wire.Said recording =
                wire.get(status.path("questions").path(0).path("audio").asText());
        assertThat(recording.status()).isEqualTo(200);
        assertThat(recording.headers().firstValue("content-length"))
                .hasValue(Long.toString(Files.size(Running.example(1))));
    }

    @Test
    void itLivesAndIsReady() {
        assertThat(wire.get("/healthz").status()).isEqualTo(200);
        assertThat(wire.get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void whatTheModelCannotDoIsNotOfferedAndSaysWhy() {
        assertThat(wire.post("/v1/audio/transcriptions", "{}").code()).isEqualTo("unsupported_endpoint");
        assertThat(wire.post("/v1/audio/speech", "{}").message()).contains("does not read aloud");
    }

    @Test
    void anUnknownAddressSaysWhatIsThereInstead() {
        assertThat(wire.post("/v1/responses", "{}").message())
                .startsWith(
                        "address: nothing found at /v1/responses; there are GET /v1/live/sessions, GET /v1/models, ")
                .contains("POST /v1/chat/completions");
        assertThat(wire.post("/chat/completions", "{}").message())
                .isEqualTo("address: nothing found at /chat/completions; expected /v1/chat/completions;"
                        + " base addresses of clients end with /v1");
        assertThat(wire.get("/models").message()).contains("expected /v1/models");
        assertThat(wire.get("/models/" + Running.MODEL).message()).contains("expected /v1/models/" + Running.MODEL);
    }

    @Test
    void anUnknownAddressIsNotFoundAndAnotherMethodNotAllowed() {
        assertThat(wire.get("/v1/nothing").status()).isEqualTo(404);
        assertThat(wire.get("/..%2f..%2fetc/passwd").status()).isIn(400, 404);
        Wire.Said said = wire.get("/v1/chat/completions");
        assertThat(said.status()).isEqualTo(405);
        assertThat(said.headers().firstValue("allow")).hasValue("POST");
    }

    @Test
    void codesOfARecordingBecomeSoundAgain() throws IOException {
        Wire.Said encoded = wire.send(
                "POST", "/sparrow/v1/tokens", Files.readAllBytes(Running.example(1)), "content-type", "audio/wav");
        assertThat(encoded.status()).as(encoded.text()).isEqualTo(200);
        assertThat(encoded.json().path("codes").size()).isGreaterThan(10);

        Wire.Said decoded =
                wire.post("/sparrow/v1/tokens", "{\"codes\":" + encoded.json().path("codes") + "}");

        assertThat(decoded.status()).isEqualTo(200);
        assertThat(decoded.headers().firstValue("content-type")).hasValue("audio/wav");
        assertThat(wire.post("/sparrow/v1/tokens", "{\"codes\":[512]}").param()).isEqualTo("codes");
        assertThat(wire.send("POST", "/sparrow/v1/tokens", new byte[9], "content-type", "audio/wav")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void tooLongARecordingIsRefusedBeforeItsSamplesAreMade() {
        Waveform recording = new Waveform(new float[601 * 8000], 8000);

        Wire.Said said = wire.send(
                "POST",
                "/sparrow/v1/tokens",
                WavFile.bytes(recording, SampleFormat.PCM16),
                "content-type",
                "audio/wav");

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.message()).contains("expected at most 600.0 s of audio, found 601.0 s");
    }

    @Test
    void metricsCountRepliesTokensAndPasses() throws IOException {
        String before = wire.get("/metrics").text();
        assertThat(before).contains("# TYPE sparrow_requests_running gauge");
        wire.post(
                "/v1/chat/completions",
                Wire.asking(
                        1, "\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"alloy\",\"format\":\"wav\"}"));

        String after = wire.get("/metrics").text();

        assertThat(after)
                .contains("sparrow_requests_total{api=\"chat\",model=\"" + Running.MODEL + "\",reason=\"stop\"} 1")
                .contains("sparrow_generated_tokens_total{exit=\"early\",kind=\"speech\"")
                .contains("sparrow_time_to_first_audio_seconds_count")
                .contains("sparrow_audio_underrun_seconds_count{model=\"" + Running.MODEL + "\"} 1")
                .contains("sparrow_audio_continuous_total{model=\"" + Running.MODEL + "\",threshold_ms=\"500\"}")
                .contains("sparrow_pass_seconds_bucket{depth=\"full\"")
                .contains("sparrow_kv_bytes{")
                .containsPattern("sparrow_depth_saved_ratio\\{[^}]*} 0\\.[0-9]+");
    }

    @Test
    void everyRouteStandsInTheDocumentation() throws IOException {
        ServedModel served = new ServedModel(Running.MODEL, running.pool, running.config(), Instant.EPOCH);
        ServerMetrics metrics = new ServerMetrics(Running.MODEL, 16);
        RealtimeOptions bounds =
                new RealtimeOptions(1, RealtimeOptions.HOUR, Duration.ofSeconds(30), OnInterrupt.KEEP, EnergyVad::new);
        Clock clock = Clock.systemUTC();
        try (RealtimeSessions sessions = new RealtimeSessions(served, bounds, metrics, ReplyLog.NONE, clock)) {
            RealtimeCalls calls = new RealtimeCalls(sessions, _ -> true, Optional.empty());
            Router router = Routes.of(
                    served,
                    metrics,
                    new Readiness(running.pool, sessions),
                    sessions.secrets(),
                    calls,
                    new LiveCalls(sessions, calls, Duration.ZERO),
                    Running.OPTIONS,
                    clock);
            String page = ServerPages.api();

            assertThat(router.routes())
                    .hasSizeGreaterThan(10)
                    .allMatch(route -> page.contains("`" + route.replace("*", "")))
                    .containsExactlyInAnyOrderElementsOf(OpenApi.routes(OpenApiTest.file()));
        }
    }
}
