package sparrow.study.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A local server that gives prepared answers in turn, the last one again and again, and keeps what it was asked. */
public final class StubServer implements AutoCloseable {
    /** What the server was sent; the body byte for byte in Latin-1. */
    public record Request(String method, String path, Headers headers, String body) {}

    /** What it sends back. */
    public sealed interface Answer {
        /** An answer of JSON, or of what should be. */
        record Json(int status, Map<String, String> headers, String body) implements Answer {}

        /** Success, and the beginning of a body that does not end before the server is closed. */
        record Stall(String begin) implements Answer {}

        /** None before the server is closed. */
        record Never() implements Answer {}
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<Answer> answers;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public StubServer(Answer... answers) throws IOException {
        this.answers = new ArrayDeque<>(List.of(answers));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public static Answer ok(String body) {
        return new Answer.Json(200, Map.of(), body);
    }

    public static Answer refusal(int status, String message) {
        return refusal(status, message, Map.of());
    }

    public static Answer refusal(int status, String message, Map<String, String> headers) {
        return new Answer.Json(status, headers, "{\"error\": {\"message\": \"" + message + "\", \"type\": \"stub\"}}");
    }

    public static Answer stalls(String begin) {
        return new Answer.Stall(begin);
    }

    public static Answer never() {
        return new Answer.Never();
    }

    public URI baseUrl() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/v1");
    }

    public List<Request> requests() {
        return requests;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
        requests.add(new Request(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body));
        switch (next()) {
            case Answer.Json json -> send(exchange, json);
            case Answer.Stall(String begin) -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(begin.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                waitForClose();
            }
            case Answer.Never _ -> waitForClose();
        }
        exchange.close();
    }

    private synchronized Answer next() {
        return answers.size() > 1 ? answers.remove() : answers.element();
    }

    private static void send(HttpExchange exchange, Answer.Json answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    private void waitForClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
