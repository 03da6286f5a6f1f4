package sparrow.server.realtime;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.api.exceptions.WebSocketException;
import sparrow.server.message.MessageMemory;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.session.RealtimeSession;

/**
 * One WebSocket: frames become events of a {@link RealtimeSession}, which run one after the other on its thread, and
 * the session's events become frames. The next frame is read once the previous one was answered, the client has read
 * what it was sent, and the model has listened to the client's sound.
 */
public sealed class RealtimeEndpoint implements Session.Listener, Client permits TwilioEndpoint {
    private static final Duration IDLE = Duration.ofSeconds(60);

    /** Close codes of connections that the server ends because of the client's behaviour or a defect. */
    private static final Set<Integer> REFUSED = Set.of(
            StatusCode.BAD_DATA, StatusCode.POLICY_VIOLATION, StatusCode.MESSAGE_TOO_LARGE, StatusCode.SERVER_ERROR);

    private static final RefusedException NO_ROOM = new RefusedException(
            Problem.RATE_LIMIT,
            null,
            "frame: expected fewer long frames and bodies at once; this one was dropped, try again later");

    private final RealtimeSessions sessions;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    /** Its name in the log: the id of the session, or before it begins that of the request. */
    private volatile String id;

    private Session socket;
    private Outbox outbox;
    private IncomingFrame frame;

    /**
     * The thread of the session. Its queue is bounded by its producers: the next frame of a client is read once the
     * previous one was answered, and a reply is decoded while its client is ready.
     */
    private ThreadPoolExecutor thread;

    private int ticks;

    // Used only by the session's thread.
    private final KeepAlive life;
    private RealtimeSessions.Opening opening;
    private RealtimeSession session;

    /** True while the next frame has not been requested. */
    private boolean owesDemand = true;

    /** Creates an endpoint whose session opens with the connection. */
    RealtimeEndpoint(RealtimeSessions sessions, RealtimeSessions.Opening opening) {
        this(sessions, opening.id(), opening.received());
        this.opening = opening;
    }

    /** An endpoint whose session opens when {@link #begin} says so. */
    RealtimeEndpoint(RealtimeSessions sessions, String id, LongSupplier received) {
        this.sessions = sessions;
        this.id = id;
        this.life = new KeepAlive(received, sessions.silence());
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        connect(opened, opening.protocol().maxBytes());
        begin(opening);
    }

    final void connect(Session opened, int maxBytes) {
        socket = opened;
        frame = new IncomingFrame(MessageMemory.HEAP, sessions.patience(), maxBytes, new Frames());
        socket.setIdleTimeout(IDLE);
        String name = "realtime-" + id;
        // An empty command makes the thread check whether it may request the next frame.
        outbox = new Outbox(socket, name + "-writer", gone, () -> inTurn(() -> {}));
        thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofVirtual().name(name).factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        inTurn(() -> {});
    }

    /** Opens the session. */
    final void begin(RealtimeSessions.Opening wanted) {
        opening = wanted;
        id = wanted.id();
        // Must precede the client's first event, because a server that shuts down now must notify the session.
        sessions.opened(this);
        inTurn(() -> {
            try {
                session = sessions.session(opening, this, this::inTurn);
            } catch (IllegalStateException e) {
                // The pool cannot answer any more.
                sessions.refusals().log(id, e.getMessage());
                close(StatusCode.SHUTDOWN, Problem.SHUTTING_DOWN);
                return;
            }
            session.open();
        });
    }

    /** False while the client still has to ask for a session. On the thread. */
    final boolean isBegun() {
        return opening != null;
    }

    /** Does one thing of the session after the other; nothing more after an unexpected exception. */
    final void inTurn(Runnable command) {
        thread.execute(() -> {
            try {
                command.run();
                demandWhatIsOwed();
            } catch (RuntimeException | Error e) {
                System.getLogger("sparrow.server").log(System.Logger.Level.ERROR, "a realtime session broke", e);
                endThread();
                if (session != null) session.close(() -> {});
                close(StatusCode.SERVER_ERROR, "the session broke");
            }
        });
    }

    private void endThread() {
        thread.getQueue().clear();
        thread.shutdown();
    }

    @Override
    public void onWebSocketPartialText(String piece, boolean last) {
        if (!outbox.isClosed()) frame.add(piece, last);
        else inTurn(() -> owesDemand = true);
    }

    /** Requests the pieces of a frame, and receives complete frames on the session's thread. */
    private final class Frames implements IncomingFrame.Receiver {
        @Override
        public void more() {
            socket.demand();
        }

        @Override
        public void whole(IncomingFrame.Outcome outcome) {
            inTurn(() -> {
                try {
                    owesDemand = true;
                    if (outbox.isClosed()) return;
                    switch (outcome) {
                        case SHORT -> receive(frame.take());
                        case LONG ->
                            MessageMemory.HEAP.read(() -> {
                                receive(frame.take());
                                return null;
                            });
                        case DROPPED -> {
                            frame.take();
                            session.receive(ClientEvent.Named.unread(NO_ROOM));
                        }
                        case TOO_LONG -> close(StatusCode.MESSAGE_TOO_LARGE, "expected shorter frames");
                    }
                } catch (RefusedException e) {
                    close(StatusCode.POLICY_VIOLATION, e.getMessage());
                } finally {
                    frame.close();
                }
            });
        }
    }

    /** @throws RefusedException if the connection cannot go on */
    void receive(String text) {
        opening.protocol().receive(text, session::receive, this);
    }

    private void demandWhatIsOwed() {
        boolean isReady = outbox.isReady() && (!isBegun() || session != null && session.isReady());
        // After a close frame, the other side's close frame may follow earlier frames, so reading continues.
        if (!owesDemand || !isReady && !outbox.isClosed()) return;
        owesDemand = false;
        socket.demand();
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        close(StatusCode.BAD_DATA, "expected text frames");
        inTurn(() -> owesDemand = true);
    }

    @Override
    public void send(ServerEvent event) {
        for (Protocol.Frame frame : opening.protocol().frames(event)) {
            if (!outbox.send(frame)) close(StatusCode.POLICY_VIOLATION, "far too much waits to be read");
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

    /** All earlier frames are delivered first. */
    @Override
    public void close(int code, String reason) {
        boolean refused = REFUSED.contains(code);
        if (outbox.close(code, reason) && refused) log(code, reason);
    }

    /** Closes the connection once the running responses have ended. */
    void closeAfterResponses(int code, String reason) {
        Runnable close = () -> close(code, reason);
        // It may be counted and not begun.
        inTurn(() -> {
            if (session == null) close.run();
            else session.finish(close);
        });
    }

    private void log(int code, String reason) {
        sessions.refusals().log(id, "closed with " + code + ": " + reason);
    }

    /** Completes when the other side has closed the connection as well, or disconnected. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    void tick() {
        if (outbox.isStalled(sessions.patience())) {
            leave(StatusCode.POLICY_VIOLATION, "nothing was read for too long");
            return;
        }
        if (frame.isSlow(System.nanoTime())) {
            leave(StatusCode.POLICY_VIOLATION, "a long frame came too slowly");
            return;
        }
        // A client's player and microphone may both be silent for long.
        if (++ticks % sessions.pingSeconds() == 0) outbox.ping();
        inTurn(() -> {
            if (session == null || outbox.isClosed()) return;
            session.tick();
            // Silence means nothing while the server does not read from the client, or is still sending to it.
            boolean heeded = !owesDemand && !outbox.isSending() && !frame.isWaiting();
            if (life.areMissing(System.nanoTime(), heeded)) leave(StatusCode.SHUTDOWN, "nothing came for too long");
        });
    }

    /**
     * Disconnects without delivering the waiting frames. The close frame is unlikely to arrive either, but the end of
     * the connection notifies the other side.
     */
    private void leave(int code, String reason) {
        log(code, reason);
        socket.close(code, reason, Callback.NOOP);
        socket.disconnect();
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        callback.succeed();
        sessions.closed(this);
        frame.close();
        gone.complete(null);
        outbox.close(code, reason);
        inTurn(() -> {
            // The session may have begun in the meantime.
            sessions.closed(this);
            if (session == null) endThread();
            else session.close(this::endThread);
        });
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // After a broken connection, the close event contains all that matters.
        if (cause instanceof WebSocketException wrong) sessions.refusals().log(id, wrong.getMessage());
    }
}
