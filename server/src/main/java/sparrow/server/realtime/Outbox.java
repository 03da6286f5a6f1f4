package sparrow.server.realtime;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import sparrow.formats.weights.Printable;
import sparrow.server.audio.SendQueue;
import sparrow.server.realtime.Protocol.Frame;

/** The frames to be sent over one WebSocket, and the one thread that sends them. Giving never blocks. */
final class Outbox {
    /** The time that the other side has to answer a goodbye. */
    static final Duration ANSWER = Duration.ofSeconds(5);

    /** In place of a frame of text. */
    private static final Frame PING = new Frame("", null, Duration.ZERO);

    private final SendQueue<Frame> queue;

    private final AtomicReference<CloseFrame> goodbye = new AtomicReference<>();

    /** When the current send began; 0 if there is none. */
    private volatile long sendingSince;

    private record CloseFrame(int code, String reason) {}

    /**
     * @param gone is done once the other side is gone
     * @param onRoom is run when it becomes ready again
     */
    Outbox(Session socket, String name, Future<?> gone, Runnable onRoom) {
        queue = new SendQueue<>(onRoom);
        Thread.ofVirtual().name(name).start(() -> run(socket, gone));
    }

    /** Gives a frame; false if it will not be sent: after the goodbye, or if far too much waits. */
    boolean send(Frame frame) {
        return queue.offer(frame, frame.text().length(), frame.audio());
    }

    void retract(String responseId) {
        queue.removeIf(frame -> responseId.equals(frame.soundOf()));
    }

    void ping() {
        queue.offer(PING, 1, Duration.ZERO);
    }

    /**
     * Says goodbye once everything before was sent.
     *
     * @return whether it had not been said before
     */
    boolean close(int code, String reason) {
        if (!goodbye.compareAndSet(null, new CloseFrame(code, reason == null ? null : Printable.line(reason))))
            return false;
        queue.close();
        return true;
    }

    /** True once a goodbye was said. */
    boolean isClosed() {
        return goodbye.get() != null;
    }

    /** True while more may be given. Safe for every thread. */
    boolean isReady() {
        return !queue.isFull();
    }

    /** True if the frame that is being sent was not taken for so long. */
    boolean isStalled(Duration longest) {
        long since = sendingSince;
        return since != 0 && System.nanoTime() - since > longest.toNanos();
    }

    /** True if a frame is being sent that was not taken yet. */
    boolean isSending() {
        return sendingSince != 0;
    }

    private void run(Session socket, Future<?> gone) {
        try {
            for (Optional<Frame> next = queue.take(); next.isPresent(); next = queue.take()) {
                sendingSince = Math.max(1, System.nanoTime());
                send(socket, next.get());
                sendingSince = 0;
            }
            // A connection that broke off has no peer that could be notified.
            CloseFrame last = goodbye.get();
            if (last.code() == StatusCode.NO_CLOSE) return;
            socket.close(last.code(), last.reason(), Callback.NOOP);
            gone.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // It is gone, as its listener knows, or does not answer.
            socket.disconnect();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sendingSince = 0;
            close(StatusCode.NO_CLOSE, null);
            queue.removeIf(left -> true);
        }
    }

    private static void send(Session socket, Frame frame) throws InterruptedException, ExecutionException {
        Callback.Completable done = new Callback.Completable();
        if (frame == PING) socket.sendPing(ByteBuffer.allocate(0), done);
        else socket.sendText(frame.text(), done);
        done.get();
    }
}
