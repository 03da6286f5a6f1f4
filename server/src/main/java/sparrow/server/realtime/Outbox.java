package sparrow.server.realtime;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import sparrow.server.audio.SendQueue;

/** The frames to be sent over one WebSocket, and the one thread that sends them. Giving never blocks. */
final class Outbox {
    /** Code of a connection that ended without a goodbye (RFC 6455, section 7.1.5); it is never sent. */
    private static final int BROKEN_OFF = 1006;

    private final SendQueue<Entry> queue;

    /** Guarded by the queue. */
    private boolean closing;

    private volatile CloseFrame closeFrame = new CloseFrame(1000, "");

    /** When the send under way began; 0 if there is none. */
    private volatile long sendingSince;

    /** Something to send. */
    private sealed interface Entry {
        /** @param soundOf the response whose sound it is; null for everything else */
        record Text(String frame, String soundOf) implements Entry {}

        record Ping() implements Entry {}
    }

    private record CloseFrame(int code, String reason) {}

    /** @param onRoom is run when it becomes ready again */
    Outbox(Session socket, String name, Runnable onRoom) {
        queue = new SendQueue<>(onRoom);
        Thread.ofVirtual().name(name).start(() -> run(socket));
    }

    /**
     * Gives a frame.
     *
     * @param soundOf the response whose sound it is; null for everything else
     * @param audio how long it sounds
     * @return whether it will be sent; not after the goodbye, nor if far too much waits
     */
    boolean send(String frame, String soundOf, Duration audio) {
        return queue.offer(new Entry.Text(frame, soundOf), frame.length(), audio);
    }

    /** Forgets sound of a response that was not sent yet. */
    void retract(String responseId) {
        queue.removeIf(entry -> entry instanceof Entry.Text text && responseId.equals(text.soundOf()));
    }

    void ping() {
        queue.offer(new Entry.Ping(), 1, Duration.ZERO);
    }

    /**
     * Says goodbye once everything before was sent.
     *
     * @return whether it had not been said before
     */
    boolean close(int code, String reason) {
        synchronized (queue) {
            if (closing) return false;
            closing = true;
            closeFrame = new CloseFrame(code, reason);
        }
        queue.close();
        return true;
    }

    /** True while more may be given. Safe for every thread. */
    boolean isReady() {
        return !queue.isFull();
    }

    /** True if the frame on its way was not taken for so long. */
    boolean isStalled(Duration longest) {
        long since = sendingSince;
        return since != 0 && System.nanoTime() - since > longest.toNanos();
    }

    /** True if a frame is on its way that was not taken yet. */
    boolean isSending() {
        return sendingSince != 0;
    }

    private void run(Session socket) {
        try {
            for (Optional<Entry> entry = queue.take(); entry.isPresent(); entry = queue.take()) {
                Entry next = entry.get();
                sendingSince = Math.max(1, System.nanoTime());
                await(callback -> send(socket, next, callback));
                sendingSince = 0;
            }
            // A connection that broke off has no peer that could be told.
            if (closeFrame.code() != BROKEN_OFF) socket.close(closeFrame.code(), closeFrame.reason(), Callback.NOOP);
        } catch (ExecutionException e) {
            // The socket is gone; its listener knows.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sendingSince = 0;
            queue.close();
            queue.removeIf(left -> true);
        }
    }

    private static void await(Consumer<Callback> send) throws InterruptedException, ExecutionException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        send.accept(Callback.from(() -> done.complete(null), done::completeExceptionally));
        done.get();
    }

    private static void send(Session socket, Entry entry, Callback callback) {
        switch (entry) {
            case Entry.Text(String frame, String soundOf) -> socket.sendText(frame, callback);
            case Entry.Ping() -> socket.sendPing(ByteBuffer.allocate(0), callback);
        }
    }
}
