package sparrow.server.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which clients and pages may use the server: clients that send the key, if a key is required, and pages of
 * this server or of allowed origins.
 *
 * @param key the key that clients must send, or empty if no key is required
 * @param origins the origins of other pages that may send requests, in the form {@code https://example.org}
 * @param host the host that the server listens on
 */
public record Access(Optional<String> key, Set<String> origins, String host) {
    public Access {
        // Browsers write origins in lower case.
        origins =
                origins.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns a description that omits the key. */
    @Override
    public String toString() {
        return "Access[" + host + (key.isPresent() ? ", with a key" : ", without a key") + "]";
    }

    /**
     * Returns whether a client may use the server: it sent the correct key, or no key is required. The time of the
     * check depends only on the length of the key.
     */
    public boolean admits(Optional<String> offered) {
        return key.isEmpty() || offered.filter(this::isKey).isPresent();
    }

    private boolean isKey(String offered) {
        return MessageDigest.isEqual(
                offered.getBytes(StandardCharsets.UTF_8), key.get().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the key in a header.
     *
     * @param authorization the header's value, or null if there is none
     */
    static Optional<String> key(String authorization) {
        String scheme = "bearer ";
        return Optional.ofNullable(authorization)
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(scheme))
                .map(value -> value.substring(scheme.length()).strip());
    }

    /**
     * Checks the key.
     *
     * @param authorization the request's header, or null if there is none
     * @throws HttpFailure if the key is missing or wrong
     */
    void requireKey(String authorization) {
        if (admits(key(authorization))) return;
        throw HttpFailure.refused(
                401,
                "invalid_api_key",
                "authorization: expected Bearer and the key of this server, got "
                        + (authorization == null ? "none" : "another one"));
    }

    /**
     * Returns whether the request addresses this server by one of its own names. Otherwise, a foreign page could make
     * its own name resolve to this machine and pass for a page of this server.
     *
     * @param called the value of the header {@code host}, with or without a port
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
     * Returns whether a page comes from this server.
     *
     * @param origin the page's origin
     * @param scheme the request's scheme
     * @param called the value of the header {@code host}
     */
    boolean isOwnPage(String origin, String scheme, String called) {
        return origin.equalsIgnoreCase(scheme + "://" + called);
    }

    /** Returns whether an origin is one of the allowed origins. */
    boolean isNamed(String origin) {
        return origins.contains(origin.toLowerCase(Locale.ROOT));
    }
}
