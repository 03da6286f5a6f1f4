package sparrow.server.live;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.websocket.server.WebSocketCreator;
import sparrow.server.live.LiveProtocol.LiveModel;
import sparrow.server.realtime.RealtimeEndpoint;
import sparrow.server.realtime.RealtimeSessions;
import sparrow.server.realtime.RealtimeUpgrade;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.reply.ServedModel;

/** A GPT-Live WebSocket, which sends speech when it is due. */
public final class LiveEndpoint extends RealtimeEndpoint {
    /** Default maximum duration of speech that is sent before its playback. */
    public static final Duration LEAD = Duration.ofMillis(300);

    private final LiveProtocol protocol;

    /** Whether a later call of {@link #sendDue} is scheduled. Used only by the session's thread. */
    private boolean scheduled;

    private LiveEndpoint(RealtimeSessions sessions, LiveProtocol protocol, LongSupplier received) {
        super(sessions, sessions.opening(protocol, received));
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
        ServedModel served = sessions.served();
        LiveModel model = new LiveModel(
                served.id(),
                served.model().callsTools(),
                served.transcribes(),
                served.model().languageModel().transformer().config().contextLength(),
                served.leftOut());
        return RealtimeUpgrade.creator(
                sessions,
                admits,
                received -> new LiveEndpoint(sessions, new LiveProtocol(model, lead, System::nanoTime), received));
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
    protected void flush() {
        protocol.rest().forEach(this::deliver);
    }
}
