package sparrow.app;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import sparrow.server.ServerOptions;
import sparrow.server.Tls;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.realtime.OnInterrupt;

/** Options of the server's address and of its clients; a picocli mixin. */
final class ListenOptions {
    private static final String KEYSTORE_PASSWORD_VARIABLE = "SPARROW_KEYSTORE_PASSWORD";

    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "127.0.0.1",
            description = "Address to listen on; 0.0.0.0 is all of this machine. Default: ${DEFAULT-VALUE}.")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port to listen on; 0 is any that is free. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "Answer only requests that carry the key in this file. Default: the environment's "
                    + ApiKey.VARIABLE + ", else no key.")
    private Path keyFile;

    @Option(names = "--no-auth", description = "Listen beyond this machine without a key.")
    private boolean noAuth;

    @Option(names = "--open-metrics", description = "Show /metrics without the key.")
    private boolean openMetrics;

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description = "Let pages of another server ask, such as https://example.org; may be given several times.")
    private Set<String> origins = new LinkedHashSet<>();

    @Option(
            names = "--tls",
            paramLabel = "self-signed",
            description = "Speak HTTPS with a certificate that is made for this run. Browsers warn of it, and give the"
                    + " microphone.")
    private String tls;

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description = "Speak HTTPS with the key and certificate of a PKCS #12 file, whose password is in the"
                    + " environment's " + KEYSTORE_PASSWORD_VARIABLE + ".")
    private Path keystore;

    @Option(
            names = "--max-sessions",
            paramLabel = "N",
            defaultValue = "64",
            description = "Spoken conversations at once. Default: ${DEFAULT-VALUE}.")
    private int maxSessions;

    @Option(
            names = "--on-interrupt",
            paramLabel = "MODE",
            defaultValue = "keep",
            description =
                    "The part of an interrupted reply that the model remembers if the client does not say how much was"
                            + " heard: all of it (keep), or as much as was heard if the client played it as it came"
                            + " (estimate). Default: ${DEFAULT-VALUE}.")
    private OnInterrupt onInterrupt;

    /** A certificate for this run; null if there is none. */
    private Tls made;

    /** Removes the certificate that was made for this run. */
    void tidyUp() throws IOException {
        if (made != null) SelfSigned.remove(made);
    }

    /**
     * The options of the server.
     *
     * @throws IllegalArgumentException if it would listen beyond this machine without a key and without {@code --no-auth}, or
     *     an option is wrong
     * @throws IOException if a file cannot be read
     */
    ServerOptions options(ReplyLog log) throws IOException {
        Optional<String> key = ApiKey.find(keyFile);
        if (!isLoopback() && key.isEmpty() && !noAuth) {
            throw new IllegalArgumentException("--host: " + host + " can be reached from other machines; expected a key"
                    + " (--api-key-file or " + ApiKey.VARIABLE + "), or --no-auth");
        }
        Set<String> lower = new HashSet<>();
        origins.forEach(origin -> lower.add(origin.toLowerCase(Locale.ROOT)));
        ServerOptions options = ServerOptions.LOCAL
                .withAddress(host, port)
                .withAllowedOrigins(lower)
                .withMaxSessions(maxSessions)
                .withOnInterrupt(onInterrupt)
                .withLog(log);
        if (key.isPresent()) options = options.withApiKey(key.get());
        if (openMetrics) options = options.withOpenMetrics();
        Optional<Tls> proof = tls();
        return proof.isPresent() ? options.withTls(proof.get()) : options;
    }

    private Optional<Tls> tls() throws IOException {
        if (tls != null && !tls.equals("self-signed")) {
            throw new IllegalArgumentException("--tls: expected self-signed, got " + tls);
        }
        if (tls != null && keystore != null) {
            throw new IllegalArgumentException(
                    "--tls: expected without --tls-keystore, which has a certificate already");
        }
        if (tls != null) {
            made = SelfSigned.keystore(host);
            return Optional.of(made);
        }
        if (keystore == null) return Optional.empty();
        if (!Files.isReadable(keystore)) {
            throw new IllegalArgumentException("--tls-keystore: expected a file, found none at " + keystore);
        }
        String password = System.getenv(KEYSTORE_PASSWORD_VARIABLE);
        if (password == null) {
            throw new IllegalArgumentException(
                    "--tls-keystore: expected its password in the environment's " + KEYSTORE_PASSWORD_VARIABLE);
        }
        return Optional.of(new Tls(keystore, password));
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

    /** The refusal of an address that the server cannot listen on. */
    IllegalArgumentException taken(BindException failure) {
        return new IllegalArgumentException(
                "--port: cannot listen on port " + port + " of " + host + " (" + failure.getMessage()
                        + "); expected another --port, or 0 for any that is free",
                failure);
    }

    /** An address that a browser on this machine can open. */
    URI shown(URI address) {
        if (!address().isAnyLocalAddress()) return address;
        return URI.create(address.getScheme() + "://localhost:" + address.getPort());
    }

    /** A hint for browsers on other machines; empty if they need none. */
    Optional<String> hint() {
        if (isLoopback() || tls != null || keystore != null) return Optional.empty();
        return Optional.of("browsers on other machines give no microphone to a page without HTTPS; see --tls");
    }
}
