package sparrow.study.http;

import java.util.Map;

/**
 * A service's key. The key is read only from the environment, so that it does not appear in a command line, file or
 * report. Outside this package, the key appears only in request headers.
 */
public final class ApiKey {
    /** The environment variable read by OpenAI's own clients. */
    public static final String VARIABLE = "OPENAI_API_KEY";

    /** Placeholder that is sent if no key is set. Private servers do not require a key, but the protocol does. */
    private static final String NONE = "none";

    private final String secret;

    private ApiKey(String secret) {
        this.secret = secret;
    }

    /**
     * Returns the key for an endpoint from {@value #VARIABLE}. Only OpenAI's own endpoint requires a key.
     *
     * @throws IllegalArgumentException if OpenAI's service is used without a key, or the key contains an invalid
     *     character
     */
    public static ApiKey fromEnvironment(Endpoint endpoint) {
        return from(System.getenv(), endpoint);
    }

    static ApiKey from(Map<String, String> environment, Endpoint endpoint) {
        String secret = environment.getOrDefault(VARIABLE, "").strip();
        if (secret.isEmpty()) {
            if (endpoint.baseUrl().getHost().equals(Endpoint.OPENAI.getHost())) {
                throw new IllegalArgumentException(
                        VARIABLE + ": expected the key for " + endpoint.baseUrl() + " in the environment, found none");
            }
            return new ApiKey(NONE);
        }
        if (!secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                    VARIABLE + ": expected printable ASCII without spaces, found other characters");
        }
        return new ApiKey(secret);
    }

    String secret() {
        return secret;
    }

    /** Returns the text with dots in place of the key, because some servers repeat the request. */
    String hideIn(String text) {
        return secret.equals(NONE) ? text : text.replace(secret, "...");
    }

    /** Returns a description that does not contain the key. */
    @Override
    public String toString() {
        return VARIABLE;
    }
}
