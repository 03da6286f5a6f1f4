package sparrow.server.realtime;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.api.exceptions.WebSocketException;
import sparrow.server.message.MessageMemory;
import sparrow.server.message.RefusalLog;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.session.RealtimeSession;

/**
 * One connection: a WebSocket, or a call. Frames are converted to events of a {@link RealtimeSession}, which are
 * processed one at a time on its thread, and the session's events are converted to frames. The next frame is read after
 * the previous frame has been processed, the client has read the frames sent to it, and the client's audio has been
 * encoded.
 */
public class RealtimeEndpoint implements Session.Listener, Client {
    private static final Duration IDLE = Duration.ofSeconds(60);

    /** Close codes of connections that the server closes because of the client's behaviour or a defect. */
    private static final Set<Integer> REFUSED = Set.of(
            StatusCode.BAD_DATA, StatusCode.POLICY_VIOLATION, StatusCode.MESSAGE_TOO_LARGE, StatusCode.SERVER_ERROR);

    private static final RefusedException NO_ROOM = new RefusedException(
            Problem.RATE_LIMIT,
            null,
            "frame: expected fewer long frames and bodies at once; this one was dropped, try again later");

    private final RealtimeSessions sessions;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    /** The name in the log: the session's id, or the request's id before the session begins. */
    private volatile String id;

    /** The end of lines in the log: the client's address, or an empty string if it is not logged. */
    private volatile String from = "";

    private Transport transport;
    private Outbox outbox;
    private IncomingFrame frame;

    /**
     * The session's thread. The length of its queue is limited by its producers: a client's next frame is read after
     * the previous frame has been processed, and a reply is decoded only while its client is ready.
     */
    private ThreadPoolExecutor thread;

    private int ticks;

    // The following fields are used only by the session's thread.
    private final KeepAlive life;
    private RealtimeSessions.Opening opening;
    private RealtimeSession session;

    /** Closes the connection as soon as the client has heard everything, or null if the connection shall not end. */
    private Runnable closeWhenHeard;

    /** Whether the next frame has not been requested yet. */
    private boolean owesDemand = true;

    /** Creates an endpoint whose session opens with the connection. */
    protected RealtimeEndpoint(RealtimeSessions sessions, RealtimeSessions.Opening opening) {
        this(sessions, opening.id(), opening.received());
        this.opening = opening;
    }

    /** Creates an endpoint whose session opens when {@link #begin} is called. */
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

    /** Starts the connection's threads and opens the session. */
    final void open(Transport opened) {
        connect(opened, opening.protocol().maxBytes());
        begin(opening);
    }

    final void connect(Session opened, int maxBytes) {
        opened.setIdleTimeout(IDLE);
        if (opened.getRemoteSocketAddress() instanceof InetSocketAddress remote) {
            comesFrom(HostPort.normalizeHost(remote.getAddress().getHostAddress()));
        }
        connect(Transport.of(opened), maxBytes);
    }

    /** Sets the client's address for the log. */
    final void comesFrom(String address) {
        if (sessions.logsAddresses()) from = ", from " + address;
    }

    /** Starts the connection's threads. */
    final void connect(Transport opened, int maxBytes) {
        transport = opened;
        frame = new IncomingFrame(MessageMemory.HEAP, sessions.patience(), maxBytes, new Frames());
        String name = "realtime-" + id;
        // After an empty command, the thread checks whether it may request the next frame.
        outbox = new Outbox(transport, name + "-writer", sessions.unreadBytes(), gone, () -> inTurn(() -> {}));
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
        // This call must precede the client's first event, because the session must be notified if the server shuts
        // down in the meantime.
        sessions.opened(this);
        inTurn(() -> {
            try {
                session = sessions.session(opening, this, this::inTurn);
            } catch (IllegalStateException e) {
                // The pool can no longer generate replies.
                log(e.getMessage());
                close(StatusCode.SHUTDOWN, Problem.SHUTTING_DOWN);
                return;
            }
            session.open();
        });
    }

    /** Returns whether the session has been requested. Must be called on the session's thread. */
    final boolean isBegun() {
        return opening != null;
    }

    /**
     * Runs a command on the session's thread, after all earlier commands. No more commands run after an unexpected
     * exception.
     */
    protected final void inTurn(Runnable command) {
        thread.execute(() -> {
            try {
                command.run();
                demandWhatIsOwed();
                closeIfHeard();
            } catch (RuntimeException | Error e) {
                RefusalLog.defect(id + ": the session failed" + from, e);
                endThread();
                if (session != null) session.close(() -> {});
                close(StatusCode.SERVER_ERROR, "the session failed");
            }
        });
    }

    private void closeIfHeard() {
        if (closeWhenHeard == null || !isHeard()) return;
        Runnable close = closeWhenHeard;
        closeWhenHeard = null;
        close.run();
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

    /** Requests the pieces of a frame, and processes complete frames on the session's thread. */
    private final class Frames implements IncomingFrame.Receiver {
        @Override
        public void more() {
            transport.demand();
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
                    String words = RefusalLog.words(e.code(), e.param().orElse(null), e.getMessage());
                    if (outbox.close(StatusCode.POLICY_VIOLATION, e.getMessage())) {
                        log(StatusCode.POLICY_VIOLATION, words);
                    }
                } finally {
                    frame.close();
                }
            });
        }
    }

    /** Processes an event that the client did not send as a frame. Must be called on the session's thread. */
    final void receive(ClientEvent event) {
        if (session != null) session.receive(new ClientEvent.Named(Optional.empty(), event, List.of()));
    }

    /** Processes base64-encoded audio of a call's client. Called on the session's thread. */
    protected void hear(String audio) {
        receive(new ClientEvent.AppendAudio(audio));
    }

    /**
     * Processes a frame.
     *
     * @throws RefusedException if the connection must be closed
     */
    void receive(String text) {
        opening.protocol().receive(text, session::receive, this);
    }

    private void demandWhatIsOwed() {
        boolean isReady = outbox.isReady() && (!isBegun() || session != null && session.isReady());
        // The other side's close frame may follow earlier frames, so reading continues after a close frame was sent.
        if (!owesDemand || !isReady && !outbox.isClosed()) return;
        owesDemand = false;
        transport.demand();
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        close(StatusCode.BAD_DATA, "expected text frames");
        inTurn(() -> owesDemand = true);
    }

    @Override
    public void send(ServerEvent event) {
        opening.protocol().frames(event).forEach(this::deliver);
    }

    /** Queues a frame for sending. */
    protected final void deliver(Protocol.Frame frame) {
        if (!outbox.send(frame)) close(StatusCode.POLICY_VIOLATION, "too much unread data is waiting");
    }

    @Override
    public void retract(String responseId) {
        outbox.retract(responseId);
    }

    @Override
    public boolean isReady() {
        return outbox.isReady();
    }

    /** Closes the connection after all earlier frames have been delivered. */
    @Override
    public void close(int code, String reason) {
        boolean refused = REFUSED.contains(code);
        if (outbox.close(code, reason) && refused) log(code, reason);
    }

    /** Closes the connection when the running responses have ended and the client has heard them. */
    void closeAfterResponses(int code, String reason) {
        Runnable close = () -> {
            flush();
            closeWhenHeard = () -> close(code, reason);
        };
        // The session may have been counted but not begun.
        inTurn(() -> {
            if (session == null) close(code, reason);
            else session.finish(close);
        });
    }

    /**
     * Returns whether the client has heard all audio, as far as the protocol reports this. Called on the session's
     * thread, after each of its commands.
     */
    protected boolean isHeard() {
        return opening.protocol().isHeard();
    }

    /** Sends the frames that the protocol still holds. Called on the session's thread. */
    protected void flush() {}

    private void log(int code, String reason) {
        sessions.refused(code);
        log("closed with " + code + ": " + reason);
    }

    final void log(String reason) {
        RefusalLog.SERVER.log(id, reason + from);
    }

    /** Returns a future that completes when the other side has closed the connection or disconnected. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    void tick() {
        if (outbox.isStalled(sessions.patience())) {
            leave(StatusCode.POLICY_VIOLATION, "the client read nothing for too long");
            return;
        }
        if (frame.isSlow(System.nanoTime())) {
            leave(StatusCode.POLICY_VIOLATION, "a long frame arrived too slowly");
            return;
        }
        // A client's player and microphone may both be silent for a long time, so pings are sent.
        if (++ticks % sessions.pingSeconds() == 0) outbox.ping();
        inTurn(() -> {
            if (session == null || outbox.isClosed()) return;
            session.tick();
            // Silence has no significance while the server does not read from the client or is still sending to it.
            boolean heeded = !owesDemand && !outbox.isSending() && !frame.isWaiting();
            if (life.areMissing(System.nanoTime(), heeded))
                leave(StatusCode.SHUTDOWN, "the client sent nothing for too long");
        });
    }

    /**
     * Disconnects without delivering the waiting frames. The close frame is unlikely to arrive, but the end of the
     * connection notifies the other side.
     */
    private void leave(int code, String reason) {
        log(code, reason);
        transport.close(code, reason);
        transport.disconnect();
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
        // After a broken connection, the close event contains all relevant information.
        if (cause instanceof WebSocketException wrong)
            log("not WebSocket: " + wrong.getClass().getSimpleName());
    }
}
