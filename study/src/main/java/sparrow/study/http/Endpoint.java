package sparrow.study.http;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * The address of an OpenAI-compatible service, with a timeout and a number of retries.
 *
 * @param baseUrl address without the protocol's paths, such as {@code https://api.openai.com/v1}
 * @param timeout maximum duration of an attempt, from the connection to the last byte of the answer
 * @param retries maximum number of retries after a request times out, cannot be sent, or is answered with 408, 409, 429
 *     or 5xx; a Retry-After header in the answer determines the time of the next attempt
 */
public record Endpoint(URI baseUrl, Duration timeout, int retries) {
    /** The address of OpenAI's own service. */
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

    /** Creates an endpoint with a timeout of two minutes and up to four retries. */
    public static Endpoint at(URI baseUrl) {
        return new Endpoint(baseUrl, TIMEOUT, RETRIES);
    }

    /**
     * Creates an endpoint as {@link #at(URI)} does, with an address entered by a user.
     *
     * @throws IllegalArgumentException if the address is not an http or https URL
     */
    public static Endpoint at(String baseUrl) {
        try {
            return at(URI.create(baseUrl));
        } catch (IllegalArgumentException e) {
            // The message does not contain the text, which may include a password.
            if (e.getCause() == null) throw e;
            throw new IllegalArgumentException("base URL: expected one like " + OPENAI + ", got no URL", e);
        }
    }

    private static boolean isHttp(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        return scheme.equals("http") || scheme.equals("https");
    }

    /** Returns the address without user and password, for messages. */
    private static String withoutUser(URI url) {
        return url.toString().replaceFirst("//[^/@]*@", "//...@");
    }
}
