package sparrow.study.http;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * The address of an OpenAI-compatible service, and the patience with it.
 *
 * @param baseUrl the address before the paths of the protocol, such as {@code https://api.openai.com/v1}
 * @param timeout of one attempt, from the connection to the last byte of the answer
 * @param retries of a request after it timed out, could not be sent, or was answered with 408, 409,
 *     429 or 5xx; a Retry-After of the answer decides when
 */
public record Endpoint(URI baseUrl, Duration timeout, int retries) {
    /** The service of OpenAI itself. */
    public static final URI OPENAI = URI.create("https://api.openai.com/v1");

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int RETRIES = 4;

    public Endpoint {
        if (!isHttp(baseUrl) || baseUrl.getHost() == null || baseUrl.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "base URL: expected one like " + OPENAI + ", got " + withoutUser(baseUrl));
        }
        if (baseUrl.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "base URL: expected no user or password in it, got " + withoutUser(baseUrl));
        }
        if (!timeout.isPositive())
            throw new IllegalArgumentException("timeout: expected more than 0 s, got " + timeout);
        if (retries < 0) throw new IllegalArgumentException("retries: expected 0 or more, got " + retries);
    }

    /** A service asked with a timeout of two minutes and up to four retries. */
    public static Endpoint at(URI baseUrl) {
        return new Endpoint(baseUrl, TIMEOUT, RETRIES);
    }

    /**
     * {@link #at(URI)} with an address as a person types it.
     *
     * @throws IllegalArgumentException if it is no http or https address
     */
    public static Endpoint at(String baseUrl) {
        try {
            return at(URI.create(baseUrl));
        } catch (IllegalArgumentException e) {
            // Not the text itself: it may hold a password.
            if (e.getCause() == null) throw e;
            throw new IllegalArgumentException("base URL: expected one like " + OPENAI + ", got no URL", e);
        }
    }

    private static boolean isHttp(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        return scheme.equals("http") || scheme.equals("https");
    }

    /** The part of an address that messages may show: no password. */
    private static String withoutUser(URI url) {
        return url.toString().replaceFirst("//[^/@]*@", "//...@");
    }
}
