package sparrow.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A WebSocket connection to a Realtime server. Events are sent in order and received with their arrival times. */
public final class RealtimeSocket implements Wire, AutoCloseable {
    /** Maximum length of an event in characters. */
    private static final int MAX_CHARACTERS = 32 << 20;

    /** Maximum number of unprocessed events. At this number, reading pauses. */
    private static final int WAITING = 4096;

    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** A message from the server, with its arrival time. */
    sealed interface Arrived {
        /** Returns the arrival time in terms of {@link System#nanoTime}. */
        long at();

        /** An event, as JSON text. */
        record Event(long at, String text) implements Arrived {}

        /** The end of the connection, with the reason. */
        record End(long at, String why) implements Arrived {}
    }

    private final BlockingQueue<Arrived> arrived = new ArrayBlockingQueue<>(WAITING);
    private WebSocket socket;

    private RealtimeSocket() {}

    /**
     * Connects to a server.
     *
     * @param server address of the WebSocket
     * @param apiKey key for the authorization header
     * @throws IOException if the server cannot be reached or is not a Realtime server
     * @throws InterruptedException if this thread is interrupted
     */
    public static RealtimeSocket connect(HttpClient client, URI server, Optional<String> apiKey)
            throws IOException, InterruptedException {
        RealtimeSocket made = new RealtimeSocket();
        WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(CONNECT);
        apiKey.ifPresent(key -> builder.header("Authorization", "Bearer " + key));
        CompletableFuture<WebSocket> connecting = builder.buildAsync(server, made.new Listener());
        try {
            made.socket = connecting.get();
            return made;
        } catch (ExecutionException e) {
            throw new IOException(server + ": " + reason(e.getCause()), e);
        }
    }

    private static String reason(Throwable failure) {
        if (failure instanceof WebSocketHandshakeException refused) {
            return "expected a WebSocket, the server answered "
                    + refused.getResponse().statusCode();
        }
        // The exception for a refused connection has no message.
        String why = failure.getMessage() == null ? "no server at this address" : failure.getMessage();
        return "cannot connect (" + why + ")";
    }

    /**
     * Sends an event to the server.
     *
     * @throws IllegalStateException if the connection is closed
     */
    @Override
    public void send(String event) {
        try {
            socket.sendText(event, true).join();
        } catch (CompletionException e) {
            throw new IllegalStateException("could not be sent: " + e.getCause().getMessage(), e);
        }
    }

    /** Returns the next event, or null if no event arrives within the given number of nanoseconds. */
    Arrived poll(long nanos) throws InterruptedException {
        return arrived.poll(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .orTimeout(1, TimeUnit.SECONDS)
                .exceptionally(gone -> socket)
                .join();
        socket.abort();
    }

    /** Receives messages on threads of the HTTP client. */
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            long now = System.nanoTime();
            if (parts.length() + data.length() > MAX_CHARACTERS) {
                arrive(new Arrived.End(now, "an event of more than " + MAX_CHARACTERS + " characters"));
                from.abort();
                return null;
            }
            parts.append(data);
            if (last) {
                arrive(new Arrived.Event(now, parts.toString()));
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            arrive(new Arrived.End(
                    System.nanoTime(), "closed by the server: " + code + (reason.isEmpty() ? "" : " " + reason)));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            arrive(new Arrived.End(System.nanoTime(), "connection lost: " + error.getMessage()));
        }

        private void arrive(Arrived what) {
            try {
                arrived.put(what);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
