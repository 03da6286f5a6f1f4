package sparrow.server.realtime;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.eclipse.jetty.websocket.api.StatusCode;
import sparrow.server.audio.SendQueue;
import sparrow.server.message.HeapShare;
import sparrow.server.message.Ids;
import sparrow.server.message.Json;
import sparrow.server.message.RefusalLog;
import sparrow.server.message.RefusedException;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.ReplySettings;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.session.EncoderThreads;
import sparrow.server.realtime.session.PooledBackend;
import sparrow.server.realtime.session.RealtimeOptions;
import sparrow.server.realtime.session.RealtimeSession;
import sparrow.server.realtime.session.SessionMemory;
import sparrow.server.realtime.session.SessionObserver;
import sparrow.server.reply.ServedModel;

/**
 * All realtime sessions of a server, which {@link RealtimeUpgrade} opens. Closing this object sends a close frame to
 * every client and waits briefly for the clients' close frames; the pool remains open. Thread-safe.
 */
public final class RealtimeSessions implements AutoCloseable {
    /**
     * Minimum time after which a silent client is disconnected. Pings are sent at intervals of one second or more, and
     * a ping may be late.
     */
    private static final Duration MIN_SILENCE = Duration.ofSeconds(3);

    private static final long MIN_UNREAD_BYTES = 64 << 10;

    private final ServedModel served;
    private final RealtimeOptions options;
    private final ServerMetrics metrics;
    private final ReplyLog log;
    private final Clock clock;
    private final EncoderThreads hearing = EncoderThreads.start();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sparrow-realtime-ticks").factory());
    private final Set<RealtimeEndpoint> open = ConcurrentHashMap.newKeySet();

    /** The calls that have been answered and have not ended. A call that has not begun keeps a session free for it. */
    private final Set<CallConnection> calls = ConcurrentHashMap.newKeySet();

    private final ClientSecrets secrets;
    private final SessionMemory sound;
    private final SessionMemory texts;
    private final SessionMemory messages;
    private volatile boolean closed;

    /**
     * Creates an empty set of sessions.
     *
     * @param metrics the metrics of sessions and replies
     * @param log the log that receives every reply
     * @param clock the clock that determines when sessions expire
     */
    public RealtimeSessions(
            ServedModel served, RealtimeOptions options, ServerMetrics metrics, ReplyLog log, Clock clock) {
        this.metrics = metrics;
        this.log = log;
        this.served = served;
        this.options = options;
        this.clock = clock;
        this.sound = SessionMemory.ofSamples(options.maxSessions());
        this.texts = SessionMemory.ofTexts(options.maxSessions());
        this.messages = SessionMemory.ofMessages(options.maxSessions());
        this.secrets = new ClientSecrets(clock, served.id(), served.leftOut(), this::checked);
        Json.prepare(ClientEvent.class);
        Json.prepare(ServerEvent.class);
        Json.prepare(TwilioMessage.class);
        ticks.scheduleAtFixedRate(() -> open.forEach(RealtimeSessions::tick), 1, 1, TimeUnit.SECONDS);
    }

    /** Runs an endpoint's periodic checks. An exception in one session must not stop the checks of other sessions. */
    private static void tick(RealtimeEndpoint endpoint) {
        try {
            endpoint.tick();
        } catch (RuntimeException | Error e) {
            RefusalLog.defect("a session's clock failed", e);
        }
    }

    /** Returns the temporary keys that can only be used to open sessions. */
    public ClientSecrets secrets() {
        return secrets;
    }

    Duration patience() {
        return options.patience();
    }

    boolean logsAddresses() {
        return options.logsAddresses();
    }

    /** Returns the maximum time for which a client may send nothing, not even a pong. */
    Duration silence() {
        Duration silence = options.patience().multipliedBy(2);
        return silence.compareTo(MIN_SILENCE) > 0 ? silence : MIN_SILENCE;
    }

    /** Returns the interval between pings in seconds. At least three pings are sent within {@link #silence}. */
    int pingSeconds() {
        return (int) Math.max(1, silence().toSeconds() / 3);
    }

    /** Returns the number of unread bytes at which a session pauses. All sessions share half of the memory. */
    long unreadBytes() {
        return Math.clamp(HeapShare.EVENTS.limit() / 2 / options.maxSessions(), MIN_UNREAD_BYTES, SendQueue.MAX_BYTES);
    }

    String model() {
        return served.id();
    }

    /** Returns the served model. */
    public ServedModel served() {
        return served;
    }

    /** Returns the maximum number of open sessions. */
    public int limit() {
        return options.maxSessions();
    }

    /** Returns the number of sessions that can still be opened. Calls that have not begun are counted as open. */
    public int free() {
        long begin = calls.stream().filter(CallConnection::isPending).count();
        return (int) Math.max(0, limit() - open.size() - begin);
    }

    void answered(CallConnection call) {
        calls.add(call);
    }

    void ended(CallConnection call) {
        calls.remove(call);
    }

    boolean isClosing() {
        return closed;
    }

    /** Returns a one-line reason why replies can no longer be generated, or empty if they can. */
    public Optional<String> failure() {
        return HeapShare.failure().or(served.pool()::failure);
    }

    /**
     * Returns the settings if the model supports them.
     *
     * @throws RefusedException if the model does not support the settings
     */
    public SessionConfig checked(SessionConfig config) {
        ReplySettings reply = config.reply();
        served.requireVoice(reply.voice(), "session.audio.output.voice");
        reply.tools().ofRealtime(served.model().callsTools(), "session");
        reply.overrides().over(served.defaults(), served.model());
        return config;
    }

    /**
     * The parameters of a session to be opened.
     *
     * @param caution a note that the handshake requested another model, or empty if it did not
     * @param received a supplier of the number of bytes received over the connection so far
     */
    public record Opening(
            String id,
            SessionConfig config,
            Optional<String> caution,
            Protocol protocol,
            RealtimeOptions options,
            LongSupplier received) {
        /** Returns a copy with other settings. */
        Opening with(SessionConfig other) {
            return new Opening(id, other, caution, protocol, options, received);
        }

        /** Returns a copy for a session that only transcribes. */
        Opening ofTranscription() {
            return with(config.ofTranscription());
        }

        /** Returns a copy for a call over WebRTC. */
        Opening ofCall(Protocol events) {
            return new Opening(id, config.ofCall(), caution, events, options.ofTelephone(), received);
        }

        /** Returns a copy for a Twilio telephone call. */
        Opening ofTelephone(String streamSid, LongSupplier nanos) {
            SessionConfig spoken = config.ofTelephone();
            Protocol twilio = new TwilioProtocol(streamSid, spoken, nanos);
            return new Opening(id, spoken, caution, twilio, options.ofTelephone(), received);
        }
    }

    /**
     * Returns a new connection of a call.
     *
     * @param address the address from which the call was requested
     */
    public CallConnection callConnection(String address) {
        return new CallConnection(address, messages.share(), metrics::measured);
    }

    /** Returns the number of open sessions. */
    public int count() {
        return open.size();
    }

    /**
     * Returns the parameters of a session with OpenAI's protocol.
     *
     * @param caution a note that the handshake requested another model, or empty if it did not
     * @param received a supplier of the number of bytes received over the connection so far
     */
    Opening opening(Optional<ClientSecrets.Secret> secret, Optional<String> caution, LongSupplier received) {
        String id = secret.flatMap(ClientSecrets.Secret::takeId).orElseGet(() -> Ids.UNGUESSABLE.next("sess_"));
        SessionConfig config = secret.map(ClientSecrets.Secret::config).orElse(SessionConfig.DEFAULT);
        return new Opening(id, config, caution, Protocol.REALTIME, options, received);
    }

    /** Returns the parameters of a session whose protocol configures it and truncates interrupted replies. */
    public Opening opening(Protocol protocol, LongSupplier received) {
        String id = Ids.UNGUESSABLE.next("sess_");
        RealtimeOptions truncated = options.ofTelephone();
        return new Opening(id, SessionConfig.DEFAULT, Optional.empty(), protocol, truncated, received);
    }

    void later(Duration delay, Runnable command) {
        ticks.schedule(command, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    RealtimeSession session(Opening opening, RealtimeEndpoint client, Executor thread) {
        PooledBackend model = new PooledBackend(served, hearing, thread);
        long expiresAt = clock.instant().plus(options.longest()).getEpochSecond();
        return new RealtimeSession(
                new RealtimeSession.Identity(opening.id(), served.id(), expiresAt, opening.config(), opening.caution()),
                opening.options(),
                sound.share(),
                texts.share(),
                model,
                client,
                new SessionObserver(metrics, log, client::log, model.facts().rateHz()),
                System::nanoTime,
                Ids.UNGUESSABLE);
    }

    void opened(RealtimeEndpoint endpoint) {
        open.add(endpoint);
        metrics.sessionOpened();
        if (closed) endpoint.close(StatusCode.SHUTDOWN, Problem.SHUTTING_DOWN);
        // Several simultaneous handshakes may have passed the check for a free session.
        else if (open.size() > options.maxSessions())
            endpoint.close(StatusCode.TRY_AGAIN_LATER, "too many sessions are open");
    }

    /** Counts a session that was closed with an error. */
    void refused(int code) {
        metrics.sessionRefused(code);
    }

    void closed(RealtimeEndpoint endpoint) {
        if (open.remove(endpoint)) metrics.sessionClosed();
    }

    /**
     * Stops opening sessions, and waits until all open sessions have ended.
     *
     * @param patience the maximum time to wait
     */
    public void drain(Duration patience) {
        end(patience, _ -> {});
    }

    /**
     * Stops opening sessions, starts no more responses, and closes each session after its last response.
     *
     * @param patience the maximum time to wait; {@link #close} ends the remaining sessions
     */
    public void finish(Duration patience) {
        end(patience, endpoint -> endpoint.closeAfterResponses(StatusCode.SHUTDOWN, Problem.SHUTTING_DOWN));
    }

    private void end(Duration patience, Consumer<RealtimeEndpoint> goodbye) {
        closed = true;
        List<RealtimeEndpoint> all = List.copyOf(open);
        all.forEach(goodbye);
        CompletableFuture.allOf(all.stream().map(RealtimeEndpoint::gone).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public void close() {
        end(Outbox.ANSWER, endpoint -> endpoint.close(StatusCode.SHUTDOWN, Problem.SHUTTING_DOWN));
        ticks.shutdownNow();
        hearing.close();
        secrets.close();
    }
}
