package sparrow.server.realtime;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.exceptions.WebSocketException;
import sparrow.server.reply.RefusedException;

/**
 * One WebSocket: frames become events of a {@link RealtimeSession}, one after the other on its thread, and its events become
 * frames. The next frame is read when the one before was answered, the client has read what it was sent, and the model
 * has listened to what it sent.
 */
public final class RealtimeEndpoint implements Session.Listener {
    private static final int BINARY = 1003;
    private static final int GOING_AWAY = 1001;
    private static final int REFUSED = 1008;
    private static final int BROKEN = 1011;
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final RealtimeSessions sessions;
    private final RealtimeSessions.Opening opening;

    private Session socket;
    private Outbox outbox;
    private SessionThread thread;

    /** Of the thread. */
    private RealtimeSession session;

    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    /** True while the next frame was not asked for yet. */
    private boolean owesDemand;

    /** Of the thread. */
    private final KeepAlive life;

    private int ticks;

    private final Client client = new Client() {
        @Override
        public void send(ServerEvent event) {
            for (Protocol.Frame frame : opening.protocol().frames(event)) {
                if (!outbox.send(frame.text(), frame.soundOf(), frame.audio())) {
                    RealtimeEndpoint.this.close(REFUSED, "far too much waits to be read");
                }
            }
        }

        @Override
        public void retract(String responseId) {
            outbox.retract(responseId);
        }

        @Override
        public boolean isReady() {
            return outbox.isReady();
        }

        @Override
        public void close(int code, String reason) {
            RealtimeEndpoint.this.close(code, reason);
        }
    };

    RealtimeEndpoint(RealtimeSessions sessions, RealtimeSessions.Opening opening) {
        this.sessions = sessions;
        this.opening = opening;
        this.life = new KeepAlive(opening.received(), sessions.silence());
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        socket = opened;
        socket.setMaxTextMessageSize(opening.protocol().mostCharacters());
        socket.setIdleTimeout(IDLE);
        String name = "realtime-" + opening.id();
        // A command that does nothing makes the thread look whether it may ask for the next frame.
        outbox = new Outbox(socket, name + "-writer", () -> thread.execute(() -> {}));
        thread = new SessionThread(name, this::demandWhatIsOwed, () -> {
            if (session != null) session.close(() -> {});
            close(BROKEN, "the session broke");
        });
        // Before the client hears of its session: a server that shuts down just then says so.
        sessions.opened(this);
        thread.execute(() -> {
            session = sessions.session(opening, client, thread);
            session.open();
            owesDemand = true;
        });
    }

    @Override
    public void onWebSocketText(String frame) {
        thread.execute(() -> {
            try {
                opening.protocol().receive(frame, session::receive, client);
            } catch (RefusedException e) {
                close(REFUSED, e.getMessage());
            }
            owesDemand = true;
        });
    }

    private void demandWhatIsOwed() {
        if (!owesDemand || !session.isReady() || !outbox.isReady() || !socket.isOpen()) return;
        owesDemand = false;
        socket.demand();
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        close(BINARY, "expected text frames");
    }

    /** Everything that was sent before is delivered first. */
    void close(int code, String reason) {
        boolean first = outbox.close(code, reason);
        if (first && (code == BINARY || code == REFUSED || code == BROKEN)) tell(code, reason);
    }

    /** Says goodbye once the responses under way are over. */
    void closeAfterResponses(int code, String reason) {
        Runnable close = () -> close(code, reason);
        // It may be counted and not begun.
        thread.execute(() -> {
            if (session == null) close.run();
            else session.finish(close);
        });
    }

    private void tell(int code, String reason) {
        sessions.refusals().tell(opening.id(), "closed with " + code + ": " + reason);
    }

    /** Is done when the other side has said goodbye as well, or is gone. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    /** To be called every second. */
    void tick() {
        if (outbox.isStalled(sessions.patience())) {
            leave(REFUSED, "nothing was read for too long");
            return;
        }
        // A client's player and microphone may both be silent for long.
        if (++ticks % sessions.pingSeconds() == 0) outbox.ping();
        thread.execute(() -> {
            if (session == null) return;
            session.tick();
            // While nothing is read of what it sends, or much is on its way to it, its silence says nothing.
            boolean heeded = !owesDemand && !outbox.isSending();
            if (life.areMissing(System.nanoTime(), heeded)) leave(GOING_AWAY, "nothing came for too long");
        });
    }

    /** Waiting frames cannot be delivered, the goodbye hardly: the other side is told by the end of the connection. */
    private void leave(int code, String reason) {
        tell(code, reason);
        socket.close(code, reason, Callback.NOOP);
        socket.disconnect();
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        callback.succeed();
        sessions.closed(this);
        gone.complete(null);
        outbox.close(code, reason);
        thread.execute(() -> {
            if (session == null) thread.end();
            else session.close(thread::end);
        });
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // Of a connection that broke off, the close that follows says all that matters.
        if (cause instanceof WebSocketException wrong) sessions.refusals().tell(opening.id(), wrong.getMessage());
    }
}
