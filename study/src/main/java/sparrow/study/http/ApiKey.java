package sparrow.study.http;

import java.util.Map;

/**
 * The key of a service. It comes from the environment alone, so that it stands in no command line, file or report, and
 * leaves this package only in the header of a request.
 */
public final class ApiKey {
    /** The variable that OpenAI's own clients read. */
    public static final String VARIABLE = "OPENAI_API_KEY";

    /** Sent where no key is set: servers of one's own ask for none, but the client wants to send something. */
    private static final String NONE = "none";

    private final String secret;

    private ApiKey(String secret) {
        this.secret = secret;
    }

    /**
     * The key for an endpoint, from {@value #VARIABLE}; none is needed where the endpoint is not OpenAI's own.
     *
     * @throws IllegalArgumentException if OpenAI's service is asked without one, or if it holds what no key holds
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

    /** The text with dots where it quotes the key: some servers repeat what they were sent. */
    String hideIn(String text) {
        return secret.equals(NONE) ? text : text.replace(secret, "...");
    }

    /** Says that there is a key, not which. */
    @Override
    public String toString() {
        return VARIABLE;
    }
}
