package sparrow.server.live;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jetty.websocket.server.WebSocketCreator;
import sparrow.server.live.LiveProtocol.LiveModel;
import sparrow.server.realtime.CallConnection;
import sparrow.server.realtime.CallOutput;
import sparrow.server.realtime.RealtimeEndpoint;
import sparrow.server.realtime.RealtimeSessions;
import sparrow.server.realtime.RealtimeUpgrade;
import sparrow.server.realtime.event.ServerEvent;

/** A GPT-Live session over a WebSocket or a call. Speech is sent when it is due. */
public final class LiveEndpoint extends RealtimeEndpoint {
    /** Default maximum duration of speech that is sent before its playback. */
    public static final Duration LEAD = Duration.ofMillis(300);

    private final LiveProtocol protocol;

    /** Whether a later call of {@link #sendDue} is scheduled. Used only by the session's thread. */
    private boolean scheduled;

    private LiveEndpoint(RealtimeSessions sessions, RealtimeSessions.Opening opening, LiveProtocol protocol) {
        super(sessions, opening);
        this.protocol = protocol;
        protocol.connect(this::deliver, this::inTurn);
    }

    /**
     * Returns the creator of endpoints for {@code /v1/live/sessions}.
     *
     * @param admits a predicate that tests whether a client may open a session with the given key, or without a key
     * @param lead the maximum duration of speech that is sent before its playback
     */
    public static WebSocketCreator creator(
            RealtimeSessions sessions, Predicate<Optional<String>> admits, Duration lead) {
        LiveModel model = LiveModel.of(sessions.served());
        return RealtimeUpgrade.creator(sessions, admits, received -> {
            LiveProtocol protocol = new LiveProtocol(model, lead, System::nanoTime, null);
            return new LiveEndpoint(sessions, sessions.opening(protocol, received), protocol);
        });
    }

    /**
     * Creates the endpoint of a call, and returns its session's id.
     *
     * @param lead the maximum duration of speech in the call's track before it is sent
     */
    static String ofCall(RealtimeSessions sessions, LiveModel model, Duration lead, CallConnection connection) {
        CallTrack track = new CallTrack(connection);
        LiveProtocol protocol = new LiveProtocol(model, lead, System::nanoTime, track);
        RealtimeSessions.Opening opening = sessions.opening(protocol, connection::received);
        connection.attach(new LiveEndpoint(sessions, opening, protocol), track.output);
        return opening.id();
    }

    /** The track of a call. */
    private static final class CallTrack implements PacedOutput.Track {
        private static final ServerEvent.Place PLACE = new ServerEvent.Place("live", "live", 0, 0);

        private final CallOutput output = new CallOutput(CallOutput.Listener.NONE);
        private final CallConnection connection;

        CallTrack(CallConnection connection) {
            this.connection = connection;
        }

        @Override
        public void play(String audio) {
            output.add(PLACE, audio);
        }

        @Override
        public boolean isEmpty() {
            return output.isEmpty();
        }

        @Override
        public long drop() {
            long unsentMs = output.drop(PLACE.responseId())
                    .map(CallOutput.Cut::unsentMs)
                    .orElse(0L);
            // Audio that was sent less than the network's delay ago cannot have been heard.
            return unsentMs == 0 ? 0 : unsentMs + connection.delay().toMillis();
        }
    }

    @Override
    protected void hear(String audio) {
        protocol.hear(audio);
    }

    @Override
    public void send(ServerEvent event) {
        super.send(event);
        sendDue();
    }

    private void sendDue() {
        protocol.due().forEach(this::deliver);
        OptionalLong wait = protocol.waitNanos();
        if (scheduled || wait.isEmpty()) return;
        scheduled = true;
        CompletableFuture.delayedExecutor(wait.getAsLong(), TimeUnit.NANOSECONDS, this::inTurn)
                .execute(() -> {
                    scheduled = false;
                    sendDue();
                });
    }

    @Override
    public void retract(String responseId) {
        protocol.retract();
    }

    @Override
    public boolean isReady() {
        return super.isReady() && !protocol.isFull();
    }

    @Override
    protected boolean isHeard() {
        return protocol.isHeard();
    }

    @Override
    protected void flush() {
        protocol.rest().forEach(this::deliver);
    }
}
