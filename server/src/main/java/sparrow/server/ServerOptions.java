package sparrow.server;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where a server listens, and to whom.
 *
 * @param host name or address to listen on
 * @param port to listen on; 0 for any that is free
 * @param apiKey that clients must send; empty if everybody may ask who can reach it
 * @param allowedOrigins pages of other servers that may ask, such as {@code https://example.org}
 * @param stalled how long a client may take nothing of what is sent to it, or send nothing of what it began
 * @param patience how long replies under way are waited for when the server closes
 */
public record ServerOptions(
        String host,
        int port,
        Optional<String> apiKey,
        Set<String> allowedOrigins,
        Duration stalled,
        Duration patience) {
    /** On this machine only, port 8080, without a key. */
    public static final ServerOptions LOCAL = new ServerOptions(
            "127.0.0.1", 8080, Optional.empty(), Set.of(), Duration.ofSeconds(30), Duration.ofSeconds(30));

    public ServerOptions {
        allowedOrigins = Set.copyOf(allowedOrigins);
        if (port < 0 || port > 0xffff) throw new IllegalArgumentException("port: expected 0 to 65535, got " + port);
        if (apiKey.isPresent() && apiKey.get().isBlank()) {
            throw new IllegalArgumentException("key: expected some characters, got none");
        }
    }

    /** The same on another port. */
    public ServerOptions withPort(int other) {
        return new ServerOptions(host, other, apiKey, allowedOrigins, stalled, patience);
    }

    /** The same with a key. */
    public ServerOptions withApiKey(String key) {
        return new ServerOptions(host, port, Optional.of(key), allowedOrigins, stalled, patience);
    }
}
