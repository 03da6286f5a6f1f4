package sparrow.server.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import sparrow.server.message.Json;

/**
 * A response in the form of server-sent events (HTML standard, section 9.2), each with one line of data. Not
 * thread-safe.
 */
public final class EventStream {
    private final HttpExchange exchange;
    private boolean begun;

    EventStream(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Sends a record as JSON, and waits until the client has received it.
     *
     * @throws IOException if the client has disconnected, or has not read for too long
     */
    public void send(Object value) throws IOException {
        write("data: " + Json.text(value) + "\n\n", false);
    }

    /** Sends a comment, which clients ignore, to keep the connection alive. */
    public void comment(String text) throws IOException {
        write(": " + text + "\n\n", false);
    }

    /** Ends the stream after all events have been sent. */
    public void done() throws IOException {
        write("data: [DONE]\n\n", true);
    }

    /** Ends a stream with an error. */
    public void fail(HttpFailure failure) throws IOException {
        write("data: " + Json.text(failure.body()) + "\n\n", true);
    }

    private void write(String text, boolean last) throws IOException {
        if (!begun) {
            exchange.begin("text/event-stream; charset=utf-8");
            exchange.header("cache-control", "no-cache");
            exchange.header("x-accel-buffering", "no");
            begun = true;
        }
        exchange.write(last, text.getBytes(StandardCharsets.UTF_8));
    }
}
