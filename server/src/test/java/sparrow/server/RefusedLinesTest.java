package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.models.pool.PoolOptions;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.reply.ServedModel;

/** Who runs a server sees in its log what it refused, a line each, and no secret in it. */
class RefusedLinesTest {
    private static final String BEARER = "Bearer secret";

    private static Running running;
    private static Wire wire;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Logger log = Logger.getLogger("sparrow.server");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            StringBuilder text = new StringBuilder(line.getMessage());
            for (Throwable thrown = line.getThrown(); thrown != null; thrown = thrown.getCause()) text.append(thrown);
            lines.add(text.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeAll
    static void start() throws IOException {
        running = new Running(Running.OPTIONS.withApiKey("secret").withMaxSessions(1), PoolOptions.DEFAULT);
        wire = new Wire(running.server.address());
    }

    @AfterAll
    static void stop() {
        wire.close();
        running.close();
    }

    @BeforeEach
    void listen() {
        log.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        log.removeHandler(handler);
    }

    private String line() {
        try {
            String line = lines.poll(5, TimeUnit.MINUTES);
            assertThat(line).as("a line of the log").isNotNull().doesNotContain("secret", "\n");
            return line;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void assertLine(Wire.Said said, int status, String why) {
        assertThat(said.status()).as(said.text()).isEqualTo(status);
        String id = said.headers().firstValue("x-request-id").orElseThrow();
        assertThat(line()).startsWith(id + ": refused, " + status).contains(why);
        assertThat(lines).isEmpty();
    }

    @Test
    void ofRequests() {
        String chat = "/v1/chat/completions";
        String broken = """
                [{"type": "input_audio", "input_audio": {"format": "wav", "data": "???"}}]""";

        assertLine(wire.get("/v1/models"), 401, "got none");
        assertLine(wire.get("/v1/models", "authorization", "Bearer secrets"), 401, "got another one");
        assertLine(
                wire.post(chat, "{}", "authorization", BEARER, "origin", "https://evil.example"),
                403,
                "--allow-origin");
        assertLine(wire.post(chat, Wire.chat(broken, ""), "authorization", BEARER), 400, "messages[0]");
        assertLine(wire.get("/v1/models/gpt-4o", "authorization", BEARER), 404, "model_not_found model");
        assertLine(wire.get("/healthz", "x-long", "a".repeat(17 << 10)), 431, "bad_request");
    }

    @Test
    void ofCallsOfTheModelThatAreNone(@TempDir Path folder) throws IOException {
        Path broken = CallingModel.write(folder.resolve("broken"), "{\"city\": Zürich}");
        String more = "\"tools\":[" + CallingModel.tool() + "]";
        try (Running other = Running.of(broken, Running.OPTIONS);
                Wire client = new Wire(other.server.address())) {
            assertLine(client.post("/v1/chat/completions", Wire.chat("\"How?\"", more)), 502, "invalid_tool_call");
            client.post("/v1/chat/completions", Wire.chat("\"How?\"", more + ",\"stream\":true"));
            assertThat(line()).contains("refused, 502 invalid_tool_call");
        }
    }

    /** Probes come every few seconds, and scans of ports to every server that can be reached. */
    @Test
    void butNotOfProbesAndScans() throws IOException {
        ServedModel served = new ServedModel(Running.MODEL, running.pool, running.config(), Instant.EPOCH);
        ServerMetrics metrics = new ServerMetrics(Running.MODEL, 16);
        try (SparrowServer cold = SparrowServer.start(served, metrics, Running.OPTIONS);
                Wire probe = new Wire(cold.address());
                Socketed scan = new Socketed(cold.address())) {
            assertThat(probe.get("/readyz").status()).isEqualTo(503);
            assertThat(probe.send("HEAD", "/readyz", new byte[0]).status()).isEqualTo(503);
            assertThat(probe.get("/healthz").status()).isEqualTo(200);
            assertThat(probe.send("HEAD", "/", new byte[0]).status()).isEqualTo(200);
            scan.send(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 13, 10, 13, 10});
            assertThat(scan.readUntil("never said")).startsWith("HTTP/1.1 400");
        }
        assertThat(lines).isEmpty();
    }

    /** A sentence of a conversation may come where a name belongs, and a pasted key where a model's name does. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    @Timeout(300)
    void withoutWordsOfTheClient(int times) throws Exception {
        String words = "my pin is 4711 ".repeat(times).strip();
        String chat = "{\"model\":\"sparrow-tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
        List<String> bodies = List.of(
                chat.replace("\"sparrow-tiny\"", quoted(words)) + "}",
                chat.replace("\"user\"", quoted(words)) + "}",
                chat.replace("\"hi\"", "[{\"type\":" + quoted(words) + "}]") + "}",
                chat + ",\"modalities\":[" + quoted(words) + "]}",
                chat + ",\"modalities\":[\"audio\"],\"audio\":{\"format\":\"wav\",\"voice\":" + quoted(words) + "}}",
                chat + ",\"modalities\":[\"audio\"],\"audio\":{\"format\":" + quoted(words) + ",\"voice\":\"alloy\"}}",
                chat + ",\"temperature\":" + quoted(words) + "}",
                chat + ",\"metadata\":{" + quoted(words) + ":[]}}",
                chat + ",\"sparrow\":{\"exit\":" + quoted(words) + "}}",
                chat + ",\"sparrow\":{" + quoted(words) + ":1}}",
                chat + "," + quoted(words),
                words);
        for (String body : bodies) {
            assertThat(wire.post("/v1/chat/completions", body, "authorization", BEARER)
                            .status())
                    .as(body)
                    .isIn(400, 404);
            assertThat(line()).as(body).contains("refused, 4").doesNotContain("pin", "4711");
        }
        assertThat(wire.get("/" + words.replace(" ", "%20"), "authorization", BEARER)
                        .status())
                .isEqualTo(404);
        assertThat(line()).doesNotContain("pin", "4711");
        assertThat(wire.send(
                                "POST",
                                "/v1/chat/completions",
                                new byte[1],
                                "authorization",
                                BEARER,
                                "content-type",
                                words)
                        .status())
                .isEqualTo(415);
        assertThat(line()).doesNotContain("pin", "4711");
        URI address = URI.create("ws" + running.server.address().toString().substring(4) + "/v1/realtime");
        try (HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = open(http, address, "secret").get(5, TimeUnit.MINUTES);
            for (String event : List.of(
                    "{\"type\":" + quoted(words) + "}",
                    "{\"type\":\"session.update\",\"session\":{" + quoted(words) + ":1}}",
                    "{\"type\":\"session.update\",\"session\":{\"model\":" + quoted(words) + "}}",
                    "{\"type\":\"session.update\",\"session\":{\"audio\":{\"output\":{\"voice\":" + quoted(words)
                            + "}}}}",
                    "{\"type\":\"conversation.item.delete\",\"item_id\":" + quoted(words) + "}",
                    "{\"type\":\"conversation.item.create\",\"previous_item_id\":" + quoted(words)
                            + ",\"item\":{\"type\":" + quoted(words) + "}}",
                    "{\"type\":\"response.create\",\"response\":{\"metadata\":{" + quoted(words) + ":{}}}}",
                    "{\"type\":\"response.cancel\",\"response_id\":" + quoted(words) + "}")) {
                socket.sendText(event, true).get(5, TimeUnit.MINUTES);
                assertThat(line()).as(event).startsWith("sess_").doesNotContain("pin", "4711");
            }
            socket.abort();
        }
        assertThat(lines).isEmpty();
        assertThat(wire.get("/metrics", "authorization", BEARER).text())
                .contains("process_cpu_seconds_total")
                .doesNotContain("my pin");
    }

    private static String quoted(String words) {
        return "\"" + words + "\"";
    }

    @Test
    void ofSessionsAndTheirEvents() throws Exception {
        URI address = URI.create("ws" + running.server.address().toString().substring(4) + "/v1/realtime");
        try (HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = open(http, address, "secret").get(5, TimeUnit.MINUTES);

            socket.sendText("{\"type\":\"input_audio_buffer.commit\"}", true).get(5, TimeUnit.MINUTES);
            assertThat(line()).startsWith("sess_").contains("refused, input_audio_buffer_commit_empty, input audio");

            assertThat(open(http, address, "secret")).failsWithin(5, TimeUnit.MINUTES);
            assertThat(line()).startsWith("req_").contains("429 rate_limit_exceeded, too many sessions");

            assertThat(open(http, address, "secrets")).failsWithin(5, TimeUnit.MINUTES);
            assertThat(line()).startsWith("req_").contains("401");

            socket.sendBinary(java.nio.ByteBuffer.allocate(1), true).get(5, TimeUnit.MINUTES);
            assertThat(line()).startsWith("sess_").contains("1003: expected text frames");
            socket.abort();
        }
        assertThat(List.copyOf(lines)).isEmpty();
    }

    private static CompletableFuture<WebSocket> open(HttpClient http, URI address, String key) {
        return http.newWebSocketBuilder()
                .header("authorization", "Bearer " + key)
                .buildAsync(address, new WebSocket.Listener() {});
    }
}
