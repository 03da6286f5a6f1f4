package sparrow.server.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;

/** Serves the page as the server does, and says of itself what a test wants it to say; its WebSocket is {@link ScriptedRealtime}. */
final class ScriptedServer implements AutoCloseable {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");

    /** What the bundled model's server says, with questions of which it has no recording. */
    static final String STATUS = """
        {"model": "sparrow-tiny", "family": "GLM-4-Voice", "layers": 16, "exit_layers": [6, 8, 10, 12, 14],
         "exit": "even:12", "sample_rate_hz": 22050, "speech_units_per_second": 12.5, "voices": ["sparrow-tiny"],
         "about": "It knows 585 facts.", "questions": [%s], "turns": 6, "instructions": %s, "transcribes": %s, "queue": %d, "active": 0, "kv_bytes": 3000000, "depth_saved": 0.126}
        """;

    private final HttpServer server;
    private volatile String key = "";
    private volatile int waiting;
    private volatile boolean instructions = true;
    private volatile boolean transcribes;
    private volatile int questions = 1;

    ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String address() {
        return "http://127.0.0.1:" + port() + "/";
    }

    void requireKey(String wanted) {
        key = wanted;
    }

    void takeNoInstructions() {
        instructions = false;
    }

    void transcribe() {
        transcribes = true;
    }

    void offerQuestions(int count) {
        questions = count;
    }

    void letWait(int replies) {
        waiting = replies;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean isAsked = path.startsWith("/v1/") || path.startsWith("/sparrow/");
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (isAsked && !key.isEmpty() && !("Bearer " + key).equals(authorization)) {
            send(exchange, 401, "application/json", json("{\"error\":{\"message\":\"wrong key\"}}"));
            return;
        }
        switch (path) {
            case "/healthz" -> send(exchange, 200, "application/json", json("{}"));
            case "/v1/models" ->
                send(
                        exchange,
                        200,
                        "application/json",
                        json("{\"object\":\"list\",\"data\":[{\"id\":\"sparrow-tiny\"}]}"));
            case "/sparrow/v1/status" ->
                send(
                        exchange,
                        200,
                        "application/json",
                        json(STATUS.formatted(
                                String.join(",", Collections.nCopies(questions, "\"five plus eight?\"")),
                                instructions,
                                transcribes,
                                waiting)));
            case "/" -> file(exchange, "index.html");
            default -> file(exchange, path.substring(1));
        }
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void file(HttpExchange exchange, String name) throws IOException {
        try (InputStream resource = ScriptedServer.class.getResourceAsStream("/sparrow/server/page/" + name)) {
            if (resource == null) {
                send(exchange, 404, "text/plain", json("no " + name));
            } else {
                String ending = name.substring(name.lastIndexOf('.') + 1);
                send(exchange, 200, TYPES.get(ending), resource.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'self'");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
