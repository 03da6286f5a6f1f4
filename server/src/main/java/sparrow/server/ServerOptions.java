package sparrow.server;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sparrow.models.SpokenModels;
import sparrow.server.http.Tls;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;
import sparrow.server.vad.EnergyVad;
import sparrow.server.vad.Vad;

/** The address of a server, its clients, and its bounds. {@link #LOCAL} is a beginning; every {@code with} gives a copy with one change. */
public final class ServerOptions implements Cloneable {
    /** On this machine only, port 8080, without a key. */
    public static final ServerOptions LOCAL = new ServerOptions();

    /** The wait for running replies when a server closes, after the time that {@link #withDrain} sets. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The time for which a client may take nothing of what is sent to it, or send nothing of what it began. */
    static final Duration STALLED = Duration.ofSeconds(30);

    String host = "127.0.0.1";
    int port = 8080;
    Optional<Tls> tls = Optional.empty();
    Optional<String> apiKey = Optional.empty();
    boolean openMetrics;
    Set<String> allowedOrigins = Set.of();
    int maxSessions = 64;
    Duration drain = Duration.ZERO;
    List<SpokenModels.SampleQuestion> questions = List.of();
    OnInterrupt onInterrupt = OnInterrupt.KEEP;
    Supplier<Vad> vads = EnergyVad::new;
    ReplyLog log = ReplyLog.NONE;

    private ServerOptions() {}

    /**
     * Listens elsewhere.
     *
     * @param host a name or an address
     * @param port 0 for any that is free
     */
    public ServerOptions withAddress(String host, int port) {
        if (port < 0 || port > 0xffff) throw new IllegalArgumentException("port: expected 0 to 65535, got " + port);
        return with(copy -> {
            copy.host = host;
            copy.port = port;
        });
    }

    /** Speaks HTTPS. */
    public ServerOptions withTls(Tls tls) {
        return with(copy -> copy.tls = Optional.of(tls));
    }

    /** Asks for a key, which clients must send. */
    public ServerOptions withApiKey(String key) {
        if (key.isBlank()) throw new IllegalArgumentException("key: expected some characters, got none");
        return with(copy -> copy.apiKey = Optional.of(key));
    }

    /** Shows metrics without the key. */
    public ServerOptions withOpenMetrics() {
        return with(copy -> copy.openMetrics = true);
    }

    /** Lets pages of other servers ask, such as {@code https://example.org}. */
    public ServerOptions withAllowedOrigins(Set<String> origins) {
        for (String origin : origins) {
            if (!origin.matches("https?://[^/?#\\s]+")) {
                throw new IllegalArgumentException(
                        "origin: expected http:// or https:// and a name, such as https://example.org, got " + origin);
            }
        }
        return with(copy -> copy.allowedOrigins = Set.copyOf(origins));
    }

    /** Takes on another number of spoken conversations at once. */
    public ServerOptions withMaxSessions(int sessions) {
        if (sessions < 1) throw new IllegalArgumentException("sessions: expected 1 or more, got " + sessions);
        return with(copy -> copy.maxSessions = sessions);
    }

    /**
     * Lets spoken conversations go on for a while when the server closes; new ones are refused meanwhile. Those that are not over
     * then end after their running reply.
     */
    public ServerOptions withDrain(Duration drain) {
        if (drain.isNegative()) throw new IllegalArgumentException("drain: expected no time or more, got " + drain);
        return with(copy -> copy.drain = drain);
    }

    /** The longest time from the beginning of {@link SparrowServer#close} to the end of the last reply. */
    public Duration longestClose() {
        return drain.plus(PATIENCE);
    }

    /** Suggests questions on the page. */
    public ServerOptions withQuestions(List<SpokenModels.SampleQuestion> questions) {
        return with(copy -> copy.questions = List.copyOf(questions));
    }

    /** Does otherwise with spoken replies that the user interrupts. */
    public ServerOptions withOnInterrupt(OnInterrupt onInterrupt) {
        return with(copy -> copy.onInterrupt = onInterrupt);
    }

    /** Detects speech otherwise than by loudness, each time with a detector that has heard nothing. */
    public ServerOptions withVads(Supplier<Vad> vads) {
        return with(copy -> copy.vads = vads);
    }

    /** Tells of every reply. */
    public ServerOptions withLog(ReplyLog log) {
        return with(copy -> copy.log = log);
    }

    private ServerOptions with(Consumer<ServerOptions> change) {
        ServerOptions copy = clone();
        change.accept(copy);
        return copy;
    }

    @Override
    protected ServerOptions clone() {
        try {
            return (ServerOptions) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e); // it is Cloneable
        }
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "ServerOptions[" + host + ":" + port + (apiKey.isPresent() ? ", with a key" : ", without a key") + "]";
    }
}
