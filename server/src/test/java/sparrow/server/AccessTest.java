package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.UnauthorizedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.models.pool.PoolOptions;

/** Only whoever has the key may ask, and only pages of this server or of those that were named. */
class AccessTest {
    private static final String STATUS = "/sparrow/v1/status";

    private static Running running;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        running = new Running(
                Running.OPTIONS.withApiKey("secret").withAllowedOrigins(Set.of("https://Named.example")),
                PoolOptions.DEFAULT);
        wire = new Wire(running.server.address());
    }

    @AfterAll
    static void stop() {
        wire.close();
        running.close();
    }

    @Test
    void withoutTheKeyNothingIsAnsweredButHealthAndPage() {
        assertThat(wire.get(STATUS).status()).isEqualTo(401);
        assertThat(wire.get(STATUS, "authorization", "Bearer wrong").code()).isEqualTo("invalid_api_key");
        assertThat(wire.get(STATUS, "authorization", "secret").status()).isEqualTo(401);
        assertThat(wire.get("/metrics").status()).isEqualTo(401);
        assertThat(wire.get("/v1/models").status()).isEqualTo(401);
        assertThat(wire.post("/v1/chat/completions", "{").status()).isEqualTo(401);
        assertThat(wire.get("/healthz").status()).isEqualTo(200);
        assertThat(wire.get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void withTheKeyEverythingIs() {
        assertThat(wire.get(STATUS, "authorization", "Bearer secret").status()).isEqualTo(200);
        assertThat(wire.get(STATUS, "authorization", "bearer  secret").status()).isEqualTo(200);
    }

    @Test
    void theOfficialClientSeesAWrongKeyAsThat() {
        OpenAIClient client = running.client("wrong", 2);

        assertThatThrownBy(() -> client.models().list())
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("expected Bearer and the key");
    }

    @Test
    void aPageOfElsewhereMayNotAsk() {
        Wire.Said said = wire.post(
                "/v1/chat/completions", "{}", "authorization", "Bearer secret", "origin", "https://evil.example");

        assertThat(said.status()).isEqualTo(403);
        assertThat(said.code()).isEqualTo("foreign_origin");
        assertThat(said.headers().firstValue("access-control-allow-origin")).isEmpty();
        assertThat(wire.post("/v1/chat/completions", "{}", "origin", "null").status())
                .isEqualTo(403);
    }

    /** A proxy may append a header to the page's own, so one allowed origin proves nothing. */
    @Test
    void everyOriginOfARequestMustBeAllowed() {
        String evil = "https://evil.example";
        String named = "https://named.example";
        String own = running.server.address().toString();
        for (List<String> origins :
                List.of(List.of(named, evil), List.of(evil, named), List.of(own, evil), List.of(own, "null"))) {
            Wire.Said said = wire.post(
                    "/v1/chat/completions",
                    "{}",
                    "authorization",
                    "Bearer secret",
                    "origin",
                    origins.getFirst(),
                    "origin",
                    origins.getLast());

            assertThat(said.status()).as(origins.toString()).isEqualTo(403);
            assertThat(said.code()).isEqualTo("foreign_origin");
            assertThat(said.headers().firstValue("access-control-allow-origin")).isEmpty();
        }
    }

    @Test
    void aPageOfThisServerAndANamedOneMay() {
        String own = running.server.address().toString();

        assertThat(wire.post("/v1/chat/completions", "{}", "authorization", "Bearer secret", "origin", own)
                        .status())
                .isEqualTo(400);
        Wire.Said named = wire.post(
                "/v1/chat/completions", "{}", "authorization", "Bearer secret", "origin", "https://named.example");
        assertThat(named.status()).isEqualTo(400);
        assertThat(named.headers().firstValue("access-control-allow-origin")).hasValue("https://named.example");
        Wire.Said asked = wire.send(
                "OPTIONS",
                "/v1/chat/completions",
                new byte[0],
                "origin",
                "https://named.example",
                "access-control-request-method",
                "POST");
        assertThat(asked.status()).isEqualTo(204);
    }

    /** What the official client for JavaScript sends from a browser. */
    @Test
    void aNamedPageMaySendTheHeadersOfItsClient() {
        String headers = "authorization,content-type,x-stainless-arch,x-stainless-lang";

        Wire.Said asked = wire.send(
                "OPTIONS",
                "/v1/chat/completions",
                new byte[0],
                "origin",
                "https://named.example",
                "access-control-request-method",
                "POST",
                "access-control-request-headers",
                headers);

        assertThat(asked.headers().firstValue("access-control-allow-headers")).hasValue(headers);
    }

    @Test
    void aForeignNameOfThisServerIsRefused() {
        assertThat(wire.get("/healthz", "host", "rebound.example").status()).isEqualTo(403);
        assertThat(wire.get("/healthz", "host", "localhost:1").status()).isEqualTo(200);
        assertThat(wire.get("/healthz", "host", "named.example").status()).isEqualTo(200);
        assertThat(wire.get("/healthz", "host", "[::1]:8080").status()).isEqualTo(200);
    }

    /** Twilio sends its key later, and calls the server by the name of its TwiML. */
    @Test
    void aTelephoneCallBeginsWithoutAKeyUnderANamedName() throws IOException {
        String handshake = """
                GET /twilio HTTP/1.1\r
                Host: named.example\r
                Connection: upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """;

        assertThat(answer(handshake)).startsWith("HTTP/1.1 101 ");
        assertThat(answer(handshake.replace("named", "rebound"))).startsWith("HTTP/1.1 403 ");
        assertThat(answer(handshake.replace("Upgrade:", "Origin: https://evil.example\r\nUpgrade:")))
                .startsWith("HTTP/1.1 403 ");
        assertThat(wire.get("/twilio").status()).isEqualTo(426);
    }

    private static String answer(String request) throws IOException {
        try (Socketed socket = new Socketed(running.server.address())) {
            return socket.send(request.getBytes(StandardCharsets.US_ASCII)).readUntil("\r\n\r\n");
        }
    }

    @Test
    void headersOfMoreThan16KibAreTooLong() {
        Wire.Said said = wire.get("/healthz", "x-long", "a".repeat(17 << 10));

        assertThat(said.status()).isEqualTo(431);
        assertThat(said.text()).doesNotContain("Exception", "jetty");
        assertThat(said.message()).contains("16384");
        assertThat(said.headers().firstValue("x-request-id")).isPresent();
    }
}
