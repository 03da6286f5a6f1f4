package sparrow.server;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sparrow.models.SpokenModels;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.realtime.OnInterrupt;
import sparrow.server.vad.EnergyVad;
import sparrow.server.vad.Vad;

/**
 * The address of a server, its clients, and its bounds. {@link #LOCAL} is a beginning; every {@code with} changes one
 * thing.
 *
 * @param host name or address to listen on
 * @param port to listen on; 0 for any that is free
 * @param tls what the server proves itself with; plain HTTP without
 * @param apiKey that clients must send; empty if everybody may ask who can reach it
 * @param openMetrics whether {@code /metrics} needs no key
 * @param allowedOrigins pages of other servers that may ask, such as {@code https://example.org}
 * @param maxSessions spoken conversations at once
 * @param stalled how long a client may take nothing of what is sent to it, or send nothing of what it began
 * @param patience how long replies under way are waited for when the server closes
 * @param questions that the page suggests
 * @param onInterrupt the fate of a spoken reply that the user interrupts
 * @param vads each a detector of speech that has heard nothing: by loudness unless told otherwise
 * @param log is told of every reply
 */
public record ServerOptions(
        String host,
        int port,
        Optional<Tls> tls,
        Optional<String> apiKey,
        boolean openMetrics,
        Set<String> allowedOrigins,
        int maxSessions,
        Duration stalled,
        Duration patience,
        List<SpokenModels.SampleQuestion> questions,
        OnInterrupt onInterrupt,
        Supplier<Vad> vads,
        ReplyLog log) {
    /** On this machine only, port 8080, without a key. */
    public static final ServerOptions LOCAL = new ServerOptions(
            "127.0.0.1",
            8080,
            Optional.empty(),
            Optional.empty(),
            false,
            Set.of(),
            64,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            List.of(),
            OnInterrupt.KEEP,
            EnergyVad::new,
            ReplyLog.NONE);

    public ServerOptions {
        allowedOrigins = Set.copyOf(allowedOrigins);
        questions = List.copyOf(questions);
        if (port < 0 || port > 0xffff) throw new IllegalArgumentException("port: expected 0 to 65535, got " + port);
        if (maxSessions < 1) throw new IllegalArgumentException("sessions: expected 1 or more, got " + maxSessions);
        if (apiKey.isPresent() && apiKey.get().isBlank()) {
            throw new IllegalArgumentException("key: expected some characters, got none");
        }
        for (String origin : allowedOrigins) {
            if (!origin.matches("https?://[^/?#\\s]+")) {
                throw new IllegalArgumentException(
                        "origin: expected http:// or https:// and a name, such as https://example.org, got " + origin);
            }
        }
    }

    /** Listens elsewhere. */
    public ServerOptions withAddress(String otherHost, int otherPort) {
        return with(draft -> {
            draft.host = otherHost;
            draft.port = otherPort;
        });
    }

    /** Speaks HTTPS. */
    public ServerOptions withTls(Tls proof) {
        return with(draft -> draft.tls = Optional.of(proof));
    }

    /** Asks for a key. */
    public ServerOptions withApiKey(String key) {
        return with(draft -> draft.apiKey = Optional.of(key));
    }

    /** Shows metrics to everybody. */
    public ServerOptions withOpenMetrics() {
        return with(draft -> draft.openMetrics = true);
    }

    /** Lets pages of other servers ask. */
    public ServerOptions withAllowedOrigins(Set<String> origins) {
        return with(draft -> draft.allowedOrigins = origins);
    }

    /** Takes on another number of spoken conversations. */
    public ServerOptions withMaxSessions(int sessions) {
        return with(draft -> draft.maxSessions = sessions);
    }

    /** Waits otherwise: for a client that stalls, and for replies at the end. */
    public ServerOptions withPatience(Duration otherStalled, Duration otherPatience) {
        return with(draft -> {
            draft.stalled = otherStalled;
            draft.patience = otherPatience;
        });
    }

    /** Suggests questions. */
    public ServerOptions withQuestions(List<SpokenModels.SampleQuestion> suggested) {
        return with(draft -> draft.questions = suggested);
    }

    /** The same with another fate of spoken replies that the user interrupts. */
    public ServerOptions withOnInterrupt(OnInterrupt otherwise) {
        return with(draft -> draft.onInterrupt = otherwise);
    }

    /** Detects speech otherwise. */
    public ServerOptions withVads(Supplier<Vad> detectors) {
        return with(draft -> draft.vads = detectors);
    }

    /** Tells of every reply. */
    public ServerOptions withLog(ReplyLog told) {
        return with(draft -> draft.log = told);
    }

    private ServerOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** The same options while one of them is changed. */
    private static final class Draft {
        private String host;
        private int port;
        private Optional<Tls> tls;
        private Optional<String> apiKey;
        private boolean openMetrics;
        private Set<String> allowedOrigins;
        private int maxSessions;
        private Duration stalled;
        private Duration patience;
        private List<SpokenModels.SampleQuestion> questions;
        private OnInterrupt onInterrupt;
        private Supplier<Vad> vads;
        private ReplyLog log;

        Draft(ServerOptions from) {
            host = from.host;
            port = from.port;
            tls = from.tls;
            apiKey = from.apiKey;
            openMetrics = from.openMetrics;
            allowedOrigins = from.allowedOrigins;
            maxSessions = from.maxSessions;
            stalled = from.stalled;
            patience = from.patience;
            questions = from.questions;
            onInterrupt = from.onInterrupt;
            vads = from.vads;
            log = from.log;
        }

        ServerOptions options() {
            return new ServerOptions(
                    host,
                    port,
                    tls,
                    apiKey,
                    openMetrics,
                    allowedOrigins,
                    maxSessions,
                    stalled,
                    patience,
                    questions,
                    onInterrupt,
                    vads,
                    log);
        }
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "ServerOptions[" + host + ":" + port + (apiKey.isPresent() ? ", with a key" : ", without a key") + "]";
    }
}
