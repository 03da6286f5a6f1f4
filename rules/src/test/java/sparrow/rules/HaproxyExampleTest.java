package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HAProxy with the configuration of {@code examples/deploy} and two servers, one of which breaks off all chats. */
class HaproxyExampleTest {
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final String CHAT = "/v1/chat/completions";
    private static final int CHATS = 10;

    /** A recording of 20 s in 24 kHz, in base64. */
    private static final int RECORDING = 1_280_000;

    @TempDir
    private Path folder;

    private final AtomicInteger broken = new AtomicInteger();

    /** Starts a server whose sessions are all in use. */
    private HttpServer server(boolean breaks) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/readyz", call -> answer(call, 503));
        server.createContext("/readyz/requests", call -> answer(call, 200));
        server.createContext(CHAT, call -> {
            call.getRequestBody().readAllBytes();
            if (breaks) {
                broken.incrementAndGet();
                call.close();
            } else {
                answer(call, 200);
            }
        });
        server.start();
        return server;
    }

    private static void answer(HttpExchange call, int status) throws IOException {
        call.sendResponseHeaders(status, -1);
        call.close();
    }

    @Test
    void chatsWithRecordingsAreRepeatedAndCallsToFullServersAreRefusedInJson() throws Exception {
        assumeThat(HAPROXY).exists();
        HttpServer first = server(true);
        HttpServer second = server(false);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String example = Files.readString(Repository.ROOT.resolve("examples/deploy/haproxy.cfg"));
        Path file = Files.writeString(
                folder.resolve("haproxy.cfg"),
                example.replace("bind :8080", "bind 127.0.0.1:" + port)
                        .replace(
                                "10.8.0.11:8080",
                                "127.0.0.1:" + first.getAddress().getPort())
                        .replace(
                                "10.8.0.12:8080",
                                "127.0.0.1:" + second.getAddress().getPort()));
        Process haproxy = new ProcessBuilder(HAPROXY.toString(), "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create("http://127.0.0.1:" + port);
            HttpResponse<String> call = post(client, address.resolve("/v1/realtime/calls"), 10);
            while (call.statusCode() != 503) call = post(client, address.resolve("/v1/realtime/calls"), 10);
            assertThat(call.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(call.headers().firstValue("retry-after")).hasValue("5");
            assertThat(call.body()).startsWith("{\"error\":{\"message\":").endsWith("\"code\":\"unavailable\"}}");
            for (int i = 0; i < CHATS; i++) {
                assertThat(post(client, address.resolve(CHAT), RECORDING).statusCode())
                        .isEqualTo(200);
            }
            assertThat(broken).hasPositiveValue();
        } finally {
            haproxy.destroyForcibly();
            first.stop(0);
            second.stop(0);
        }
    }

    /** Sends a body. Repeats this until HAProxy listens. */
    private static HttpResponse<String> post(HttpClient client, URI address, int length)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[length]))
                .build();
        while (true) {
            try {
                return client.send(request, HttpResponse.BodyHandlers.ofString());
            } catch (ConnectException _) {
                Thread.onSpinWait();
            }
        }
    }
}
