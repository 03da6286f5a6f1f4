package sparrow.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.server.WebSocketCreator;
import sparrow.server.live.LiveProtocol.LiveModel;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.RealtimeEndpoint;
import sparrow.server.realtime.RealtimeSessions;
import sparrow.server.realtime.RealtimeUpgrade;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.reply.ServedModel;

/** One WebSocket of GPT-Live. The settings come with {@code session.start}; until then there is no session. */
public final class LiveEndpoint extends RealtimeEndpoint {
    /** The maximum sound that is sent ahead, unless the server is started with another one. */
    public static final Duration LEAD = Duration.ofMillis(300);

    private static final int MAX_ERRORS = 20;

    private final RealtimeSessions sessions;
    private final LongSupplier received;
    private final Duration lead;

    // Used by the thread of the session; others only read the protocol.
    private volatile LiveProtocol protocol;
    private int errors;
    private boolean wakes;

    private LiveEndpoint(RealtimeSessions sessions, String requestId, LongSupplier received, Duration lead) {
        super(sessions, requestId, received);
        this.sessions = sessions;
        this.received = received;
        this.lead = lead;
    }

    /**
     * Answers the handshake of {@code /v1/live/sessions}.
     *
     * @param admits whether a client with this key, or none, may open a session
     * @param lead the maximum sound that is sent ahead
     */
    public static WebSocketCreator creator(
            RealtimeSessions sessions, Predicate<Optional<String>> admits, Duration lead) {
        return (request, response, callback) -> {
            if (!admits.test(RealtimeUpgrade.key(request))) {
                RealtimeUpgrade.refuseKey(sessions, response, callback);
                return null;
            }
            if (RealtimeUpgrade.refusesAll(sessions, response, callback)) return null;
            RealtimeUpgrade.declineExtensions(response);
            String id = response.getHeaders().get("x-request-id");
            return new LiveEndpoint(sessions, id == null ? "handshake" : id, RealtimeUpgrade.received(request), lead);
        };
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        connect(opened, ClientEvent.MAX_BYTES);
        if (sessions.isClosing()) {
            close(StatusCode.SHUTDOWN, Problem.SHUTTING_DOWN);
            return;
        }
        sessions.later(
                sessions.patience(),
                () -> inTurn(() -> {
                    if (isBegun()) return;
                    long seconds = sessions.patience().toSeconds();
                    close(StatusCode.POLICY_VIOLATION, "type: expected session.start within " + seconds + " s");
                }));
    }

    @Override
    protected void receive(String frame) {
        if (isBegun()) {
            super.receive(frame);
            return;
        }
        String eventId = null;
        try {
            ObjectNode object = Json.object(frame);
            eventId = LiveEvent.id(object);
            switch (LiveEvent.read(object)) {
                case LiveEvent.Start(LiveSettings settings) -> start(settings, frame);
                default ->
                    throw new RefusedException("session_not_started", "type", "type: expected session.start first");
            }
        } catch (RefusedException e) {
            refuse(e, eventId);
        }
    }

    @Override
    protected void dropped(RefusedException why) {
        if (isBegun()) super.dropped(why);
        else refuse(why, null);
    }

    private void refuse(RefusedException why, String eventId) {
        deliver(LiveProtocol.frame(LiveProtocol.error(Problem.of(why), eventId)));
        if (++errors > MAX_ERRORS) close(StatusCode.POLICY_VIOLATION, "more than " + MAX_ERRORS + " errors");
    }

    private void start(LiveSettings settings, String frame) {
        ServedModel served = sessions.served();
        RealtimeSessions.Opening opening = sessions.opening(settings.config(served), received);
        LiveModel model = new LiveModel(
                served.id(),
                served.model().callsTools(),
                served.transcribes(),
                served.model().languageModel().transformer().config().contextLength(),
                settings.caution(served));
        protocol = new LiveProtocol(settings, model, lead, System::nanoTime, this::deliver, this::inTurn);
        begin(opening.with(protocol));
        inTurn(() -> receive(frame));
    }

    @Override
    public void send(ServerEvent event) {
        super.send(event);
        schedule();
    }

    /** Sends speech when it is due. */
    private void schedule() {
        protocol.due().forEach(this::deliver);
        if (wakes) return;
        protocol.waitNanos().ifPresent(nanos -> {
            wakes = true;
            Runnable wake = () -> {
                wakes = false;
                schedule();
            };
            try {
                sessions.later(Duration.ofNanos(nanos), () -> inTurn(wake));
            } catch (RejectedExecutionException e) {
                // The server is closed.
            }
        });
    }

    @Override
    public void retract(String responseId) {
        protocol.retract(responseId);
    }

    @Override
    public boolean isReady() {
        return super.isReady() && !protocol.isFull();
    }

    @Override
    protected void flush() {
        if (protocol != null) protocol.rest().forEach(this::deliver);
    }
}
