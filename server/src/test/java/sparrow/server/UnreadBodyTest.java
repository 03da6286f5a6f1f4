package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.models.pool.PoolOptions;

/**
 * A request that is answered without its body leaves nothing on the connection, or is told that the connection ends. The body
 * comes after the header here, as it does from a client far away.
 */
@Timeout(300)
class UnreadBodyTest {
    private static final int BEHIND_HEADER_MILLIS = 100;

    private static Running running;
    private static Running keyed;

    @BeforeAll
    static void start() throws IOException {
        running = new Running();
        keyed = new Running(Running.OPTIONS.withApiKey("secret"), PoolOptions.DEFAULT);
    }

    @AfterAll
    static void stop() {
        running.close();
        keyed.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String header(String line, long length, String more) {
        return line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n" + more + "\r\n";
    }

    private static Socketed open(Running server) throws IOException {
        return new Socketed(server.server.address());
    }

    private static void assertNextIsAnswered(Socketed connection) throws IOException {
        connection.send(bytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        assertThat(connection.readUntil("never said")).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest(name = "{1} {0}")
    @CsvSource({
        "POST /v1/chat/completions,    401, keyed,   ''",
        "POST /v1/chat/completions,    403, running, 'Origin: https://evil.example'",
        "POST /v1/chat/completions,    403, running, 'Origin: null'",
        "POST /v1/chat/completions,    415, running, 'Content-Type: text/plain'",
        "POST /sparrow/v1/tokens,      415, running, 'Content-Type: text/plain'",
        "POST /v1/audio/transcriptions, 404, running, ''",
        "POST /nowhere,                404, running, ''",
        "PUT /v1/chat/completions,     405, running, ''",
        "GET /v1/realtime,             426, running, ''",
        "GET /healthz,                 200, running, ''",
    })
    void theNextRequestOnTheConnectionIsAnswered(String line, int status, String server, String more) throws Exception {
        byte[] body = new byte[5 << 20];
        try (Socketed connection = open(server.equals("keyed") ? keyed : running)) {
            connection.send(bytes(header(line, body.length, more.isEmpty() ? "" : more + "\r\n")));
            Thread.sleep(BEHIND_HEADER_MILLIS);
            connection.send(body);

            String said = connection.readUntil(status == 200 ? "}" : "}}");

            assertThat(said).startsWith("HTTP/1.1 " + status).doesNotContainIgnoringCase("connection: close");
            assertNextIsAnswered(connection);
        }
    }

    @Test
    void aBodyThatNeverEndsIsAnsweredAndTheConnectionEnds() throws Exception {
        try (Socketed connection = open(keyed)) {
            byte[] piece = new byte[1 << 20];
            connection.send(bytes(header("POST /v1/chat/completions", 1L << 40, "")));
            for (int sent = 0; sent < 50; sent++) connection.send(piece);

            assertThat(connection.readUntil("never said"))
                    .startsWith("HTTP/1.1 401")
                    .containsIgnoringCase("connection: close")
                    .contains("invalid_api_key");
        }
    }

    @Test
    void aSenderThatWaitsToBeInvitedIsRefusedAtOnce() throws Exception {
        try (Socketed connection = open(keyed)) {
            connection.send(bytes(header("POST /v1/chat/completions", 1 << 20, "Expect: 100-continue\r\n")));

            assertThat(connection.readUntil("never said"))
                    .startsWith("HTTP/1.1 401")
                    .containsIgnoringCase("connection: close");
        }
    }
}
