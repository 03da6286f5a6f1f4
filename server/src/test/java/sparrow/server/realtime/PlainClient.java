package sparrow.server.realtime;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The JDK's WebSocket, for what the official client would never send. */
final class PlainClient implements WebSocket.Listener, AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private volatile String closeReason;
    private final StringBuilder partial = new StringBuilder();
    private final boolean reads;

    PlainClient(int port, boolean reads, String... protocols) {
        this(URI.create("ws://127.0.0.1:" + port + "/v1/realtime?model=sparrow"), reads, protocols);
    }

    PlainClient(URI address, boolean reads, String... protocols) {
        this.reads = reads;
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (protocols.length > 0) {
            builder.subprotocols(protocols[0], Arrays.copyOfRange(protocols, 1, protocols.length));
        }
        socket =
                builder.buildAsync(address, this).orTimeout(5, TimeUnit.MINUTES).join();
    }

    WebSocket socket() {
        return socket;
    }

    @Override
    public void onOpen(WebSocket opened) {
        if (reads) opened.request(1);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            frames.add(partial.toString());
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeReason = reason;
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }

    void send(String frame) {
        socket.sendText(frame, true).orTimeout(5, TimeUnit.MINUTES).join();
    }

    void sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true)
                .orTimeout(5, TimeUnit.MINUTES)
                .join();
    }

    /** The next frame that has one of these in it. */
    String await(String... parts) {
        try {
            while (true) {
                String frame = frames.poll(5, TimeUnit.MINUTES);
                if (frame == null) throw new AssertionError("no " + List.of(parts));
                if (Arrays.stream(parts).anyMatch(frame::contains)) return frame;
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The code with which the server said goodbye. */
    int closeCode() {
        return closed.orTimeout(5, TimeUnit.MINUTES).join();
    }

    /** What the server said with it. */
    String closeReason() {
        closeCode();
        return closeReason;
    }

    @Override
    public void close() {
        socket.abort();
        http.close();
    }
}
