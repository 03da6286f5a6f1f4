package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sparrow.models.pool.PoolOptions;
import sparrow.server.Running;
import sparrow.server.ServerOptions;
import sparrow.server.SparrowServer;
import sparrow.server.Wire;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.reply.ServedModel;

/** A load balancer learns from {@code /readyz}, the metrics and refusals where to send a call. */
class ReadinessTest {
    private static final ServerOptions TWO = Running.OPTIONS.withMaxSessions(2);
    private static final Duration LONG = Duration.ofMinutes(10);

    private static PlainClient session(SparrowServer server) {
        PlainClient client = new PlainClient(socket(server, "/v1/realtime"), true);
        client.await("session.created");
        return client;
    }

    private static URI socket(SparrowServer server, String path) {
        return URI.create("ws" + server.address().toString().substring(4) + path);
    }

    private static void assertNotReady(Wire wire, String why) {
        Wire.Said said = wire.get("/readyz");
        assertThat(said.status()).isEqualTo(503);
        assertThat(said.message()).isEqualTo(why);
        assertThat(said.headers().firstValue("retry-after")).isPresent();
        assertThat(metric(wire, "free")).isZero();
        assertThat(wire.get("/healthz").status()).isEqualTo(200);
    }

    private static int metric(Wire wire, String name) {
        Matcher value = Pattern.compile("sparrow_sessions_" + name + "\\{[^}]*} (\\d+)")
                .matcher(wire.get("/metrics").text());
        assertThat(value.find()).isTrue();
        return Integer.parseInt(value.group(1));
    }

    private static void assertHandshakeRefused(SparrowServer server, String path, int status) {
        assertThatThrownBy(() -> new PlainClient(socket(server, path), true))
                .cause()
                .asInstanceOf(type(WebSocketHandshakeException.class))
                .extracting(WebSocketHandshakeException::getResponse)
                .satisfies(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(status);
                    assertThat(answer.headers().firstValue("retry-after")).isPresent();
                });
    }

    @Test
    void aServerThatWarmsUpIsNotReady() throws IOException {
        try (Running running = new Running(Running.OPTIONS, PoolOptions.DEFAULT)) {
            ServedModel served = new ServedModel(Running.MODEL, running.pool, running.config(), Instant.EPOCH);
            try (SparrowServer cold = SparrowServer.start(served, new ServerMetrics(Running.MODEL, 16), TWO);
                    Wire wire = new Wire(cold.address())) {
                assertNotReady(wire, "the model is warming up");
                assertThat(wire.get("/readyz/requests").status()).isEqualTo(503);

                cold.ready();

                assertThat(wire.get("/readyz").status()).isEqualTo(200);
                assertThat(metric(wire, "free")).isEqualTo(2);
            }
        }
    }

    @Test
    void aServerWhoseSessionsAreTakenIsNotReadyUntilOneEnds() throws IOException {
        try (Running running = new Running(TWO, PoolOptions.DEFAULT);
                Wire wire = new Wire(running.server.address());
                PlainClient _ = session(running.server)) {
            assertThat(wire.get("/readyz").status()).isEqualTo(200);
            assertThat(metric(wire, "free")).isEqualTo(1);
            try (PlainClient _ = session(running.server)) {
                assertNotReady(wire, "no capacity: 2 sessions are open");
                assertThat(metric(wire, "limit")).isEqualTo(2);
                assertThat(wire.get("/readyz/requests").status()).isEqualTo(200);
                assertHandshakeRefused(running.server, "/v1/realtime", 429);
                assertHandshakeRefused(running.server, "/twilio", 429);
            }

            Wire.until(() -> wire.get("/readyz").status() == 200);
        }
    }

    @Test
    void aServerWhoseQueueIsFullIsNotReady() throws IOException {
        PoolOptions oneWaits = new PoolOptions(1, 1, 1L << 30, Duration.ofMillis(250), 1);
        try (Running running = new Running(TWO, oneWaits);
                Wire wire = new Wire(running.server.address())) {
            running.hold();
            assertThat(wire.get("/readyz").status()).isEqualTo(200);
            running.hold();
            Wire.until(() -> running.pool.status().waiting() == 1);

            assertNotReady(wire, "no capacity: 1 replies are waiting");
        }
    }

    @Test
    void aServerThatDrainsRefusesWhatIsNewAndLetsCallsGoOn() throws Exception {
        try (Running running = new Running(TWO.withDrain(LONG), PoolOptions.DEFAULT);
                Wire wire = new Wire(running.server.address())) {
            CompletableFuture<Void> closed;
            try (PlainClient call = session(running.server)) {
                closed = CompletableFuture.runAsync(running.server::close);
                Wire.until(() -> wire.get("/readyz").status() == 503);

                assertNotReady(wire, "the server is closing");
                assertThat(wire.get("/readyz/requests").status()).isEqualTo(503);
                Wire.Said refused = wire.post("/v1/chat/completions", "{}");
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
                        .isBetween(5L, 15L);
                assertHandshakeRefused(running.server, "/v1/realtime", 503);
                assertHandshakeRefused(running.server, "/twilio", 503);
                call.send("""
                        {"type": "conversation.item.create", "item": {"type": "message", "role": "user",
                          "content": [{"type": "input_text", "text": "What is the capital of Libya?"}]}}""");
                call.send("{\"type\": \"response.create\"}");
                assertThat(call.await("response.done")).contains("\"status\":\"completed\"");
                assertThat(closed).isNotDone();
            }

            closed.get(5, TimeUnit.MINUTES);
        }
    }

    @Test
    void aCallThatOutlastsTheDrainIsClosed() throws IOException {
        try (Running running = new Running(TWO.withDrain(Duration.ofMillis(100)), PoolOptions.DEFAULT);
                PlainClient call = session(running.server)) {
            running.server.close();

            assertThat(call.closeCode()).isEqualTo(1001);
        }
    }
}
