package sparrow.server.realtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.websocket.api.StatusCode;
import sparrow.formats.Printable;
import sparrow.server.audio.SendQueue;
import sparrow.server.realtime.Protocol.Frame;

/** The frames that wait to be sent over one connection, and the thread that sends them. Adding a frame never blocks. */
final class Outbox {
    /** Maximum time to wait for the other side's close frame. */
    static final Duration ANSWER = Duration.ofSeconds(5);

    /** Memory of a waiting frame in addition to its text. */
    private static final int FRAME_BYTES = 100;

    /** Marker for a ping in the queue of text frames. */
    private static final Frame PING = new Frame("", null, Duration.ZERO);

    private final SendQueue<Frame> queue;

    private final AtomicReference<CloseFrame> goodbye = new AtomicReference<>();

    /** Time at which the current send began, or 0 if no frame is being sent. */
    private volatile long sendingSince;

    private record CloseFrame(int code, String reason) {}

    /**
     * Creates an outbox and starts its thread.
     *
     * @param fullBytes the number of bytes at which the outbox is no longer ready
     * @param gone a future that completes when the other side has disconnected
     * @param onRoom an action that is run when the outbox becomes ready again
     */
    Outbox(Transport transport, String name, long fullBytes, Future<?> gone, Runnable onRoom) {
        queue = new SendQueue<>(fullBytes, onRoom);
        Thread.ofVirtual().name(name).start(() -> run(transport, gone));
    }

    /**
     * Adds a frame. Returns false if the frame will not be sent, either because a close frame was added earlier or
     * because far too many bytes are waiting.
     */
    boolean send(Frame frame) {
        // UTF-8 takes at least as many bytes as the string in memory.
        long bytes = frame.text().getBytes(StandardCharsets.UTF_8).length;
        return queue.offer(frame, bytes + FRAME_BYTES, frame.audio());
    }

    void retract(String responseId) {
        queue.removeIf(frame -> responseId.equals(frame.soundOf()));
    }

    void ping() {
        queue.offer(PING, 1, Duration.ZERO);
    }

    /** Sends a close frame after all earlier frames. Returns whether it is the first close frame. */
    boolean close(int code, String reason) {
        if (!goodbye.compareAndSet(null, new CloseFrame(code, reason == null ? null : Printable.line(reason))))
            return false;
        queue.close();
        return true;
    }

    /** Returns whether a close frame was added. */
    boolean isClosed() {
        return goodbye.get() != null;
    }

    /** Returns whether more frames may be added. Thread-safe. */
    boolean isReady() {
        return !queue.isFull();
    }

    /** Returns whether the current send has been running for longer than the given time. */
    boolean isStalled(Duration longest) {
        long since = sendingSince;
        return since != 0 && System.nanoTime() - since > longest.toNanos();
    }

    /** Returns whether a frame is being sent. */
    boolean isSending() {
        return sendingSince != 0;
    }

    private void run(Transport transport, Future<?> gone) {
        try {
            for (Optional<Frame> next = queue.take(); next.isPresent(); next = queue.take()) {
                sendingSince = Math.max(1, System.nanoTime());
                if (next.get() == PING) transport.ping();
                else transport.send(next.get().text());
                sendingSince = 0;
            }
            // A broken connection cannot be closed with a frame.
            CloseFrame last = goodbye.get();
            if (last.code() == StatusCode.NO_CLOSE) return;
            transport.close(last.code(), last.reason());
            gone.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            // The other side does not respond or has disconnected. The listener reports a disconnection.
            transport.disconnect();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sendingSince = 0;
            close(StatusCode.NO_CLOSE, null);
            queue.removeIf(left -> true);
        }
    }
}
