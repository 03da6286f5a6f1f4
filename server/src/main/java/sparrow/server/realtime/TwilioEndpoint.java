package sparrow.server.realtime;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.server.WebSocketCreator;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Problem;

/**
 * A WebSocket of Twilio's Media Streams. Twilio sends neither headers nor a query, so the key is contained in
 * {@code start}, and the session opens after this message.
 */
public final class TwilioEndpoint extends RealtimeEndpoint {
    /** Name of the custom parameter that contains the key. */
    private static final String KEY = "key";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RealtimeSessions sessions;
    private final Predicate<Optional<String>> admits;
    private final LongSupplier received;
    private boolean connected;

    TwilioEndpoint(
            RealtimeSessions sessions, Predicate<Optional<String>> admits, String requestId, LongSupplier received) {
        super(sessions, requestId, received);
        this.sessions = sessions;
        this.admits = admits;
        this.received = received;
    }

    /**
     * Returns a creator that accepts handshakes at {@code /twilio}.
     *
     * @param admits a predicate that tests whether a call may open a session with the given key, or without a key;
     *     client secrets are always accepted
     */
    public static WebSocketCreator creator(RealtimeSessions sessions, Predicate<Optional<String>> admits) {
        return (request, response, callback) -> {
            if (RealtimeUpgrade.refusesAll(sessions, response, callback)) return null;
            RealtimeUpgrade.declineExtensions(response);
            String id = response.getHeaders().get("x-request-id");
            return new TwilioEndpoint(
                    sessions, admits, id == null ? "handshake" : id, RealtimeUpgrade.received(request));
        };
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        connect(opened, TwilioMessage.MAX_BYTES);
        if (sessions.isClosing()) {
            close(StatusCode.SHUTDOWN, Problem.SHUTTING_DOWN);
            return;
        }
        Duration patience = sessions.patience().compareTo(PATIENCE) < 0 ? sessions.patience() : PATIENCE;
        sessions.later(
                patience,
                () -> inTurn(() -> {
                    if (isBegun()) return;
                    close(StatusCode.POLICY_VIOLATION, "event: expected start within " + patience.toSeconds() + " s");
                }));
    }

    @Override
    void receive(String frame) {
        if (isBegun()) {
            super.receive(frame);
            return;
        }
        TwilioMessage.read(frame).ifPresent(this::beforeStart);
    }

    private void beforeStart(TwilioMessage message) {
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
        begin(sessions.opening(secret, Optional.empty(), received).ofTelephone(start.streamSid(), System::nanoTime));
    }
}
