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

/**
 * The address of a server, its access rules and its limits. {@link #LOCAL} contains the defaults; each {@code with}
 * method returns a copy with one change.
 */
public final class ServerOptions implements Cloneable {
    /** Only accessible from this machine, port 8080, without a key. */
    public static final ServerOptions LOCAL = new ServerOptions();

    /** Maximum wait for running replies when a server closes, after the time that {@link #withDrain} sets. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Maximum time for which a client may read nothing of what it is sent, or send nothing of what it began. */
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
     * Sets the address.
     *
     * @param host a name or an address
     * @param port 0 for any free port
     */
    public ServerOptions withAddress(String host, int port) {
        if (port < 0 || port > 0xffff) throw new IllegalArgumentException("port: expected 0 to 65535, got " + port);
        return with(copy -> {
            copy.host = host;
            copy.port = port;
        });
    }

    /** Uses HTTPS. */
    public ServerOptions withTls(Tls tls) {
        return with(copy -> copy.tls = Optional.of(tls));
    }

    /** Requires clients to send a key. */
    public ServerOptions withApiKey(String key) {
        if (key.isBlank()) throw new IllegalArgumentException("key: expected some characters, got none");
        return with(copy -> copy.apiKey = Optional.of(key));
    }

    /** Serves metrics without the key. */
    public ServerOptions withOpenMetrics() {
        return with(copy -> copy.openMetrics = true);
    }

    /** Allows requests from pages of other servers, such as {@code https://example.org}. */
    public ServerOptions withAllowedOrigins(Set<String> origins) {
        for (String origin : origins) {
            if (!origin.matches("https?://[^/?#\\s]+")) {
                throw new IllegalArgumentException(
                        "origin: expected http:// or https:// and a name, such as https://example.org, got " + origin);
            }
        }
        return with(copy -> copy.allowedOrigins = Set.copyOf(origins));
    }

    /** Sets the maximum number of simultaneous spoken conversations. */
    public ServerOptions withMaxSessions(int sessions) {
        if (sessions < 1) throw new IllegalArgumentException("sessions: expected 1 or more, got " + sessions);
        return with(copy -> copy.maxSessions = sessions);
    }

    /**
     * Lets spoken conversations go on for a while when the server closes; new ones are rejected meanwhile.
     * Conversations that are still open then end after their running reply.
     */
    public ServerOptions withDrain(Duration drain) {
        if (drain.isNegative()) throw new IllegalArgumentException("drain: expected no time or more, got " + drain);
        return with(copy -> copy.drain = drain);
    }

    /** Returns the maximum time from the beginning of {@link SparrowServer#close} to the end of the last reply. */
    public Duration longestClose() {
        return drain.plus(PATIENCE);
    }

    /** Suggests questions on the page. */
    public ServerOptions withQuestions(List<SpokenModels.SampleQuestion> questions) {
        return with(copy -> copy.questions = List.copyOf(questions));
    }

    /** Sets the treatment of spoken replies that the user interrupts. */
    public ServerOptions withOnInterrupt(OnInterrupt onInterrupt) {
        return with(copy -> copy.onInterrupt = onInterrupt);
    }

    /** Sets the supplier of new voice activity detectors, which replace detection by loudness. */
    public ServerOptions withVads(Supplier<Vad> vads) {
        return with(copy -> copy.vads = vads);
    }

    /** Sets the log that receives every reply. */
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
            throw new IllegalStateException(e); // this class is Cloneable
        }
    }

    /** Omits the key. */
    @Override
    public String toString() {
        return "ServerOptions[" + host + ":" + port + (apiKey.isPresent() ? ", with a key" : ", without a key") + "]";
    }
}
