package sparrow.server.realtime;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.server.WebSocketCreator;
import sparrow.server.reply.RefusedException;

/**
 * One WebSocket of Twilio's Media Streams. Twilio sends no headers and no query, and so the key comes with {@code start}: until then
 * there is no session, and afterwards a {@link RealtimeEndpoint} has the connection.
 */
public final class TwilioEndpoint implements Session.Listener {
    /** The custom parameter with the key. */
    private static final String KEY = "key";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RealtimeSessions sessions;
    private final Predicate<Optional<String>> admits;
    private final String requestId;
    private final LongSupplier received;
    private Session socket;
    private boolean connected;

    /** The session; null before {@code start}. */
    private volatile RealtimeEndpoint call;

    private TwilioEndpoint(
            RealtimeSessions sessions, Predicate<Optional<String>> admits, String requestId, LongSupplier received) {
        this.sessions = sessions;
        this.admits = admits;
        this.requestId = requestId;
        this.received = received;
    }

    /**
     * Answers the handshake of {@code /twilio}.
     *
     * @param admits says whether a call with this key, or none, may open a session; client secrets always may
     */
    public static WebSocketCreator creator(RealtimeSessions sessions, Predicate<Optional<String>> admits) {
        return (request, response, _) -> {
            String id = response.getHeaders().get("x-request-id");
            return new TwilioEndpoint(
                    sessions, admits, id == null ? "handshake" : id, RealtimeUpgrade.received(request));
        };
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        socket = opened;
        socket.setMaxTextMessageSize(TwilioMessage.MOST_CHARACTERS);
        if (sessions.isClosing()) {
            socket.close(StatusCode.SHUTDOWN, RealtimeSessions.SHUTTING_DOWN, Callback.NOOP);
            return;
        }
        Duration patience = sessions.patience().compareTo(PATIENCE) < 0 ? sessions.patience() : PATIENCE;
        sessions.later(patience, () -> expire(patience));
        socket.demand();
    }

    private synchronized void expire(Duration patience) {
        if (call == null) refuse("event: expected start within " + patience.toSeconds() + " s");
    }

    @Override
    public void onWebSocketText(String frame) {
        if (call != null) {
            call.onWebSocketText(frame);
            return;
        }
        try {
            take(TwilioMessage.read(frame));
        } catch (RefusedException e) {
            refuse(e.getMessage());
        }
        // Of a connection that is closed, the answer to that.
        if (call == null) socket.demand();
    }

    /** On a connection that has expired no session may begin: its end would never be told. */
    private synchronized void take(TwilioMessage message) {
        if (!socket.isOpen()) return;
        switch (message) {
            case TwilioMessage.Connected _ when !connected -> connected = true;
            case TwilioMessage.Start start when connected -> start(start);
            default ->
                throw RefusedException.value(
                        "event", "event: expected " + (connected ? "start" : "connected") + " first");
        }
    }

    private void start(TwilioMessage.Start start) {
        Optional<String> key =
                Optional.ofNullable(start.start().customParameters().get(KEY));
        Optional<ClientSecrets.Secret> secret = key.flatMap(sessions.secrets()::find);
        if (secret.isEmpty() && !admits.test(key)) {
            String param = "start.customParameters." + KEY;
            throw RefusedException.value(param, param + ": expected the key of this server");
        }
        call = new RealtimeEndpoint(
                sessions, sessions.opening(secret, received).ofTelephone(start.streamSid(), System::nanoTime));
        call.onWebSocketOpen(socket);
    }

    private void refuse(String why) {
        if (!socket.isOpen()) return;
        sessions.refusals().tell(requestId, "closed with " + StatusCode.POLICY_VIOLATION + ": " + why);
        socket.close(StatusCode.POLICY_VIOLATION, why, Callback.NOOP);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        if (call != null) {
            call.onWebSocketBinary(payload, callback);
            return;
        }
        callback.succeed();
        refuse("expected text frames");
        socket.demand();
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        if (call == null) callback.succeed();
        else call.onWebSocketClose(code, reason, callback);
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        if (call != null) call.onWebSocketError(cause);
    }
}
