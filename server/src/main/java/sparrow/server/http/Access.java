package sparrow.server.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Admission to the server: of clients with the key, if there is one, and of pages of this server or of those that were named.
 *
 * @param key that clients must send; empty if none
 * @param origins of other pages that may ask, of the form {@code https://example.org}
 * @param host that the server listens on
 */
public record Access(Optional<String> key, Set<String> origins, String host) {
    public Access {
        // As browsers write them.
        origins =
                origins.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "Access[" + host + (key.isPresent() ? ", with a key" : ", without a key") + "]";
    }

    /** True for a client with this key; without one only if none is needed. Takes the same time for every key of a length. */
    public boolean admits(Optional<String> offered) {
        return key.isEmpty() || offered.filter(this::isKey).isPresent();
    }

    private boolean isKey(String offered) {
        return MessageDigest.isEqual(
                offered.getBytes(StandardCharsets.UTF_8), key.get().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Demands the key.
     *
     * @param authorization header of the request; null if there is none
     * @throws HttpFailure if the key is missing or wrong
     */
    void requireKey(String authorization) {
        String scheme = "bearer ";
        Optional<String> offered = Optional.ofNullable(authorization)
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(scheme))
                .map(value -> value.substring(scheme.length()).strip());
        if (admits(offered)) return;
        throw HttpFailure.refused(
                401,
                "invalid_api_key",
                "authorization: expected Bearer and the key of this server, got "
                        + (authorization == null ? "none" : "another one"));
    }

    /**
     * True if a name by which the server was called is one of its own. A page elsewhere can let its own name point to this
     * machine, and would then pass for a page of this server.
     *
     * @param called value of the header {@code host}, with or without a port
     */
    boolean isOwnName(String called) {
        String name = withoutPort(called).toLowerCase(Locale.ROOT);
        if (name.equals("localhost") || name.endsWith(".localhost")) return true;
        if (name.equalsIgnoreCase(host) || isAddress(name)) return true;
        return origins.stream()
                .anyMatch(origin -> name.equalsIgnoreCase(URI.create(origin).getHost()));
    }

    private static String withoutPort(String called) {
        if (called.startsWith("[")) return called.substring(0, called.indexOf(']') + 1);
        int colon = called.indexOf(':');
        return colon < 0 ? called : called.substring(0, colon);
    }

    private static boolean isAddress(String name) {
        return name.startsWith("[") || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    /**
     * True if a page is one of this server.
     *
     * @param origin of the page
     * @param scheme by which the server was called
     * @param called value of the header {@code host}
     */
    boolean isOwnPage(String origin, String scheme, String called) {
        return origin.equalsIgnoreCase(scheme + "://" + called);
    }

    /** True if a page elsewhere was named as one that may ask. */
    boolean isNamed(String origin) {
        return origins.contains(origin.toLowerCase(Locale.ROOT));
    }
}
