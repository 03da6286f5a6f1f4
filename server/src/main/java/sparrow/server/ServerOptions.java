package sparrow.server;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sparrow.models.SpokenModels;
import sparrow.server.call.CallPort;
import sparrow.server.http.Tls;
import sparrow.server.live.LiveEndpoint;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;
import sparrow.server.vad.EnergyVad;
import sparrow.server.vad.Vad;

/**
 * A server's address, access rules and limits. {@link #LOCAL} contains the defaults; each {@code with} method returns a
 * copy with one change.
 */
public final class ServerOptions implements Cloneable {
    /** The defaults: port 8080, accessible only from this machine, without a key. */
    public static final ServerOptions LOCAL = new ServerOptions();

    /**
     * Maximum time to wait for running replies when a server closes, in addition to the time set by {@link #withDrain}.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Maximum time for which a client may stop reading a response, or stop sending a request that it has begun. */
    static final Duration STALLED = Duration.ofSeconds(30);

    String host = "127.0.0.1";
    int port = 8080;
    Optional<Tls> tls = Optional.empty();
    Optional<String> apiKey = Optional.empty();
    Optional<CallPort.Opener> calls = Optional.empty();
    int callPort;
    Optional<InetAddress> callAddress = Optional.empty();
    boolean openMetrics;
    Set<String> allowedOrigins = Set.of();
    int maxSessions = 64;
    Duration drain = Duration.ZERO;
    List<SpokenModels.SampleQuestion> questions = List.of();
    OnInterrupt onInterrupt = OnInterrupt.KEEP;
    Duration liveLead = LiveEndpoint.LEAD;
    Supplier<Vad> vads = EnergyVad::new;
    ReplyLog log = ReplyLog.NONE;
    boolean requestLog;

    private ServerOptions() {}

    /**
     * Sets the address.
     *
     * @param host the host name or IP address
     * @param port the port, or 0 for any free port
     */
    public ServerOptions withAddress(String host, int port) {
        if (port < 0 || port > 0xffff) throw new IllegalArgumentException("port: expected 0 to 65535, got " + port);
        return with(copy -> {
            copy.host = host;
            copy.port = port;
        });
    }

    /** Serves HTTPS with a certificate and its key. */
    public ServerOptions withTls(Tls tls) {
        return with(copy -> copy.tls = Optional.of(tls));
    }

    /** Requires clients to send an API key. */
    public ServerOptions withApiKey(String key) {
        if (key.isBlank()) throw new IllegalArgumentException("key: expected some characters, got none");
        return with(copy -> copy.apiKey = Optional.of(key));
    }

    /**
     * Accepts calls over WebRTC at a UDP port of the server's address.
     *
     * @param opener the opener of the module {@code webrtc}, from {@link CallPort.Opener#find}
     * @param port the UDP port, or 0 for any free port
     */
    public ServerOptions withCalls(CallPort.Opener opener, int port) {
        if (port < 0 || port > 0xffff) throw new IllegalArgumentException("calls: expected 0 to 65535, got " + port);
        return with(copy -> {
            copy.calls = Optional.of(opener);
            copy.callPort = port;
        });
    }

    /** Sets the address at which clients reach the UDP port of calls, for example the public address of a NAT. */
    public ServerOptions withCallAddress(InetAddress address) {
        return with(copy -> copy.callAddress = Optional.of(address));
    }

    /** Serves the metrics without requiring the key. */
    public ServerOptions withOpenMetrics() {
        return with(copy -> copy.openMetrics = true);
    }

    /** Allows requests from pages of other origins, such as {@code https://example.org}. */
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
     * Sets the time for which spoken conversations may continue after the server starts to close. The server rejects
     * new conversations during this time. Conversations that are still open afterwards end after their current reply.
     */
    public ServerOptions withDrain(Duration drain) {
        if (drain.isNegative()) throw new IllegalArgumentException("drain: expected zero or more, got " + drain);
        return with(copy -> copy.drain = drain);
    }

    /** Returns the maximum time from the call of {@link SparrowServer#close} to the end of the last reply. */
    public Duration longestClose() {
        return drain.plus(PATIENCE);
    }

    /** Sets the sample questions that the page suggests. */
    public ServerOptions withQuestions(List<SpokenModels.SampleQuestion> questions) {
        return with(copy -> copy.questions = List.copyOf(questions));
    }

    /** Sets the treatment of spoken replies that the user interrupts. */
    public ServerOptions withOnInterrupt(OnInterrupt onInterrupt) {
        return with(copy -> copy.onInterrupt = onInterrupt);
    }

    /** Sets the maximum audio that is sent to GPT-Live clients ahead of its playback. */
    public ServerOptions withLiveLead(Duration lead) {
        if (lead.isNegative()) throw new IllegalArgumentException("lead: expected no time or more, got " + lead);
        return with(copy -> copy.liveLead = lead);
    }

    /** Sets the supplier of voice activity detectors. The default detects speech by its loudness. */
    public ServerOptions withVads(Supplier<Vad> vads) {
        return with(copy -> copy.vads = vads);
    }

    /** Sets the log that receives every reply. */
    public ServerOptions withLog(ReplyLog log) {
        return with(copy -> copy.log = log);
    }

    /** Logs the client's address and the trace of each request, and the client's address in the lines of sessions. */
    public ServerOptions withRequestLog() {
        return with(copy -> copy.requestLog = true);
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
            throw new IllegalStateException(e); // this class implements Cloneable
        }
    }

    /** Returns a description that omits the key. */
    @Override
    public String toString() {
        return "ServerOptions[" + host + ":" + port + (apiKey.isPresent() ? ", with a key" : ", without a key") + "]";
    }
}
