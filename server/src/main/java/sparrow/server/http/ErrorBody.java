package sparrow.server.http;

/**
 * An error as OpenAI's clients read it.
 *
 * @param error what went wrong
 */
public record ErrorBody(Error error) {
    /**
     * The fault.
     *
     * @param message for people, one line
     * @param type of the kind {@code invalid_request_error}
     * @param param where in the request; null if nowhere in particular
     * @param code what clients match on
     */
    public record Error(String message, String type, String param, String code) {}
}
