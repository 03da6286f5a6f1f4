package sparrow.server.realtime;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The key that a client of the handshake offers. Browsers cannot set headers there, so that it may be a subprotocol. */
final class OfferedKey {
    /** The subprotocol that is spoken. */
    static final String PROTOCOL = "realtime";

    private static final String KEY_PROTOCOL = "openai-insecure-api-key.";
    private static final String SCHEME = "bearer ";

    private OfferedKey() {}

    /**
     * The key, if there is one.
     *
     * @param authorization header; null if there is none
     * @param subprotocols that the client offers
     */
    static Optional<String> of(String authorization, List<String> subprotocols) {
        if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.of(authorization.substring(SCHEME.length()).strip());
        }
        return subprotocols.stream()
                .filter(protocol -> protocol.startsWith(KEY_PROTOCOL))
                .map(protocol -> protocol.substring(KEY_PROTOCOL.length()))
                .findFirst();
    }
}
