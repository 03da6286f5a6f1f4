package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.server.call.CallPort;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.reply.ServedModel;

class RequestLogTest {
    private static final String BEARER = "Bearer secret";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Logger log = Logger.getLogger("sparrow.server");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(new SimpleFormatter().formatMessage(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        log.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        log.removeHandler(handler);
    }

    private String line() throws InterruptedException {
        String line = lines.poll(5, TimeUnit.MINUTES);
        assertThat(line).isNotNull();
        return line;
    }

    @Test
    void containsAddressAndTraceOfEachRequest() throws Exception {
        try (Running running = new Running();
                SparrowServer server = withRequestLog(running);
                Wire wire = new Wire(server.address())) {
            Wire.Said traced = wire.get("/healthz", "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
            assertThat(line()).isEqualTo(id(traced) + ": 200 from 127.0.0.1, trace " + TRACE);

            for (String wrong : new String[] {
                "my pin is 4711",
                "00-" + TRACE + "-00f067aa0ba902b7-01\" pin",
                "ff-" + TRACE + "-00f067aa0ba902b7-01",
                "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01",
                "00-" + TRACE + "-" + "0".repeat(16) + "-01",
                "00-" + TRACE.toUpperCase(Locale.ROOT) + "-00f067aa0ba902b7-01"
            }) {
                Wire.Said untraced = wire.get("/healthz", "traceparent", wrong);
                assertThat(line()).as(wrong).isEqualTo(id(untraced) + ": 200 from 127.0.0.1");
            }

            Wire.Said refused = wire.get("/v1/models/4711");
            assertThat(line()).startsWith(id(refused) + ": refused, 401");
            assertThat(line()).isEqualTo(id(refused) + ": 401 from 127.0.0.1");

            String answer = getFrom("127.0.0.2", server.address());
            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(line()).endsWith(": 200 from 127.0.0.2");
        }
    }

    @Test
    void linesOfSessionsContainTheAddress() throws Exception {
        try (Running running = new Running();
                SparrowServer server = withRequestLog(running);
                Wire wire = new Wire(server.address());
                HttpClient http = HttpClient.newBuilder()
                        .localAddress(InetAddress.getByName("127.0.0.2"))
                        .build()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .header("authorization", BEARER)
                    .buildAsync(
                            URI.create("ws" + server.address().toString().substring(4) + "/v1/realtime"),
                            new WebSocket.Listener() {})
                    .get(5, TimeUnit.MINUTES);
            try {
                socket.sendText("{\"type\":\"input_audio_buffer.commit\"}", true)
                        .get(5, TimeUnit.MINUTES);
                assertThat(sessionLine())
                        .contains("refused, input_audio_buffer_commit_empty")
                        .endsWith(", from 127.0.0.2");
            } finally {
                socket.abort();
            }

            byte[] offer = "v=0".getBytes(StandardCharsets.US_ASCII);
            wire.send("POST", "/v1/realtime/calls", offer, "authorization", BEARER, "content-type", "application/sdp");
            assertThat(sessionLine()).endsWith(": refused, no check arrived, from 127.0.0.1");
        }
    }

    private String sessionLine() throws InterruptedException {
        String line = line();
        while (!line.startsWith("sess_")) line = line();
        return line;
    }

    /** A port whose calls never begin. */
    private static final class DeadPort implements CallPort {
        @Override
        public int port() {
            return 4711;
        }

        @Override
        public String answer(String offer, Caller caller) {
            caller.closed("no check arrived");
            return "v=0";
        }

        @Override
        public void close() {}
    }

    /** The default. */
    @Test
    void isEmptyUnlessRequested() throws Exception {
        try (Running running = new Running();
                Wire wire = new Wire(running.server.address())) {
            assertThat(wire.get("/healthz").status()).isEqualTo(200);
        }
        assertThat(lines).isEmpty();
    }

    private static SparrowServer withRequestLog(Running running) throws IOException {
        ServedModel served = new ServedModel(Running.MODEL, running.pool, running.config(), Instant.EPOCH);
        return SparrowServer.start(
                served,
                new ServerMetrics(Running.MODEL, 16),
                Running.OPTIONS
                        .withApiKey("secret")
                        .withCalls((_, _, _) -> new DeadPort(), 0)
                        .withRequestLog());
    }

    private static String id(Wire.Said said) {
        return said.headers().firstValue("x-request-id").orElseThrow();
    }

    private static String getFrom(String address, URI server) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getByName(server.getHost()), server.getPort(), InetAddress.getByName(address), 0)) {
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
