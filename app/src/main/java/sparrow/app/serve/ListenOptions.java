package sparrow.app.serve;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import sparrow.app.options.Numbers;
import sparrow.server.ServerOptions;
import sparrow.server.call.CallPort;
import sparrow.server.http.Tls;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;

/** Options for the server's address and clients. A picocli mixin. */
final class ListenOptions {
    private static final String KEYSTORE_PASSWORD_VARIABLE = "SPARROW_KEYSTORE_PASSWORD";

    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "127.0.0.1",
            description = "Address to listen on; 0.0.0.0 means all addresses. Default: ${DEFAULT-VALUE}.")
    private String host;

    @Option(
            names = "--port",
            converter = Numbers.Port.class,
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port; 0 means any free port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "File with the key that requests must contain, or none to accept all requests. Default: "
                    + "the key in SPARROW_API_KEY. Without a key, the server accepts only requests from this machine.")
    private Path keyFile;

    @Option(
            names = "--set open-metrics",
            arity = "1",
            paramLabel = "true|false",
            description = "Serve /metrics without a key. Default: false.")
    private boolean openMetrics;

    @Option(
            names = "--set log-requests",
            arity = "1",
            paramLabel = "true|false",
            description = "Log the client's address and the trace id of each request. Default: false.")
    private boolean logRequests;

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description = "Origin of web pages that can send requests, such as https://example.org. Repeatable.")
    private Set<String> origins = new LinkedHashSet<>();

    @Option(
            names = "--tls",
            paramLabel = "FILE",
            description = "Use HTTPS with a PKCS #12 file (password in SPARROW_KEYSTORE_PASSWORD), or self-signed "
                    + "for a new certificate.")
    private Path tls;

    @Option(
            names = "--webrtc",
            converter = CallAddress.Converter.class,
            paramLabel = "[HOST:]PORT",
            description = "UDP port for WebRTC calls, after the address that clients use (--host). Default: no calls.")
    private CallAddress webrtc;

    @Option(
            names = "--sessions",
            converter = Numbers.From1.class,
            paramLabel = "N",
            defaultValue = "64",
            description = "Maximum number of concurrent spoken conversations. Default: ${DEFAULT-VALUE}.")
    private int maxSessions;

    @Option(
            names = "--set drain",
            converter = Numbers.From0.class,
            paramLabel = "S",
            defaultValue = "0",
            description = "Seconds for which spoken conversations continue after SIGTERM. After that, each ends "
                    + "after its reply. Default: ${DEFAULT-VALUE}.")
    private int drainSeconds;

    @Option(
            names = "--set on-interrupt",
            paramLabel = "MODE",
            defaultValue = "keep",
            description = "What the model remembers of an interrupted reply if the client does not report the "
                    + "played part: keep (all of it), or estimate (the part that was played if playback began "
                    + "when the audio arrived). Default: ${DEFAULT-VALUE}.")
    private OnInterrupt onInterrupt;

    @Option(
            names = "--set live-lead",
            converter = Numbers.From0.class,
            paramLabel = "MS",
            defaultValue = "300",
            description = "Milliseconds of audio that the server sends to GPT-Live clients ahead of playback. "
                    + "Default: ${DEFAULT-VALUE}.")
    private int liveLeadMillis;

    /** The self-signed certificate that was created for this run, or null. */
    private Tls made;

    /** Deletes the self-signed certificate that was created for this run. */
    void tidyUp() throws IOException {
        if (made != null) SelfSigned.remove(made);
    }

    /**
     * Returns the server options.
     *
     * @throws IllegalArgumentException if an option is invalid, or if other machines could connect without a key and
     *     {@code --key none} was not given
     * @throws IOException if a file cannot be read
     */
    ServerOptions options(ReplyLog log) throws IOException {
        boolean open = keyFile != null && keyFile.equals(Path.of("none"));
        Optional<String> key = open ? Optional.empty() : ApiKey.find(keyFile);
        if (!isLoopback() && key.isEmpty() && !open) {
            throw new IllegalArgumentException("--host: " + host + " can be reached from other machines; expected a key"
                    + " (--key FILE or " + ApiKey.VARIABLE + "), or --key none");
        }
        Set<String> lower = new HashSet<>();
        origins.forEach(origin -> lower.add(origin.toLowerCase(Locale.ROOT)));
        ServerOptions options = ServerOptions.LOCAL
                .withAddress(host, port)
                .withAllowedOrigins(lower)
                .withMaxSessions(maxSessions)
                .withDrain(Duration.ofSeconds(drainSeconds))
                .withOnInterrupt(onInterrupt)
                .withLiveLead(Duration.ofMillis(liveLeadMillis))
                .withLog(log);
        if (key.isPresent()) options = options.withApiKey(key.get());
        if (openMetrics) options = options.withOpenMetrics();
        if (logRequests) options = options.withRequestLog();
        if (webrtc != null) {
            options = options.withCalls(opener(), webrtc.port());
            if (webrtc.host().isPresent()) options = options.withCallAddress(webrtc.address());
        }
        Optional<Tls> proof = tls();
        return proof.isPresent() ? options.withTls(proof.get()) : options;
    }

    private static CallPort.Opener opener() {
        return CallPort.Opener.find()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--webrtc: the module webrtc (sparrow-webrtc) is not on the class path;"
                                + " a checkout's ./sparrow downloads it at the first use of this option"));
    }

    private Optional<Tls> tls() throws IOException {
        if (tls == null) return Optional.empty();
        if (tls.equals(Path.of("self-signed"))) {
            made = SelfSigned.keystore(host);
            return Optional.of(made);
        }
        if (!Files.isReadable(tls)) {
            throw new IllegalArgumentException("--tls: expected self-signed or a file, found none at " + tls);
        }
        String password = System.getenv(KEYSTORE_PASSWORD_VARIABLE);
        if (password == null) {
            throw new IllegalArgumentException(
                    "--tls: expected its password in the environment's " + KEYSTORE_PASSWORD_VARIABLE);
        }
        return Optional.of(new Tls(tls, password));
    }

    private InetAddress address() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("--host: expected a name or address of this machine, got " + host, e);
        }
    }

    private boolean isLoopback() {
        return address().isLoopbackAddress();
    }

    /**
     * Checks that the server can listen on its address.
     *
     * @throws BindException if the server cannot listen on the address
     * @throws IllegalArgumentException if the server cannot listen on the UDP port
     * @throws IOException if the network fails
     */
    void expectFree() throws IOException {
        new ServerSocket(port, 1, address()).close();
        expectFreeForCalls();
    }

    private void expectFreeForCalls() throws IOException {
        if (webrtc == null) return;
        try {
            new DatagramSocket(webrtc.port(), address()).close();
        } catch (BindException e) {
            throw new IllegalArgumentException(
                    "--webrtc: cannot listen on UDP port " + webrtc.port() + " of " + host + " (" + e.getMessage()
                            + "); expected another port, or 0 for any that is free",
                    e);
        }
    }

    /** Returns an exception for an address on which the server cannot listen. */
    IllegalArgumentException taken(BindException failure) throws IOException {
        // Another process may have taken the UDP port while the model was loading.
        try {
            expectFreeForCalls();
        } catch (IllegalArgumentException e) {
            return e;
        }
        return new IllegalArgumentException(
                "--port: cannot listen on port " + port + " of " + host + " (" + failure.getMessage()
                        + "); expected another --port, or 0 for any that is free",
                failure);
    }

    /** Returns an address that a browser on this machine can open. */
    URI browsable(URI address) {
        if (!address().isAnyLocalAddress()) return address;
        return URI.create(address.getScheme() + "://localhost:" + address.getPort());
    }

    /** Returns a hint for browsers on other machines, or empty if no hint is needed. */
    Optional<String> hint() {
        if (isLoopback() || tls != null) return Optional.empty();
        return Optional.of("browsers on other machines allow the microphone only on HTTPS pages; see --tls");
    }
}
