package sparrow.server.http;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import sparrow.formats.weights.Printable;
import sparrow.server.message.RefusedException;

/**
 * An answer that says in one line why there is no other, in the form of OpenAI's errors.
 */
public final class HttpFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final Duration SOON = Duration.ofSeconds(1);

    private static final String RATE_LIMIT = "rate_limit_exceeded";

    private static final Set<String> NOT_FOUND = Set.of("model_not_found", "unsupported_endpoint");

    private final int status;
    private final String type;
    private final String code;
    private final String param;

    /** Null where a repeat cannot help. */
    private final Duration retryAfter;

    private HttpFailure(int status, String type, String code, String param, String message, Duration retryAfter) {
        super(message);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
        this.retryAfter = retryAfter;
    }

    /** A request that cannot be done and should not be repeated. */
    public static HttpFailure refused(int status, String code, String message) {
        return new HttpFailure(status, "invalid_request_error", code, null, message, null);
    }

    /** A refusal with its status. */
    public static HttpFailure refused(RefusedException refusal) {
        if (refusal.code().equals(RATE_LIMIT)) return rateLimited(refusal.getMessage());
        if (refusal.code().equals(RefusedException.UNAVAILABLE)) return broken(refusal.getMessage());
        int status = NOT_FOUND.contains(refusal.code()) ? 404 : 400;
        return new HttpFailure(
                status,
                "invalid_request_error",
                refusal.code(),
                refusal.param().orElse(null),
                refusal.getMessage(),
                null);
    }

    /** Too much is asked at the moment. */
    public static HttpFailure busy(String why) {
        return rateLimited("busy: " + why + "; try again later");
    }

    /** The same in words that say so. */
    public static HttpFailure rateLimited(String message) {
        return new HttpFailure(429, "rate_limit_error", RATE_LIMIT, null, message, SOON);
    }

    /** Nothing can be answered yet. */
    public static HttpFailure unavailable(String message) {
        return unavailable(message, SOON);
    }

    private static HttpFailure unavailable(String message, Duration retryAfter) {
        return new HttpFailure(503, "server_error", "unavailable", null, message, retryAfter);
    }

    /** The server lets nothing in any more. */
    public static HttpFailure closing() {
        return broken("the server is closing");
    }

    /** The server answers nothing any more. */
    public static HttpFailure broken(String why) {
        return unavailable(why, Duration.ofSeconds(5));
    }

    /** The request did not come in time. */
    static HttpFailure timedOut() {
        return new HttpFailure(
                408,
                "invalid_request_error",
                "request_timeout",
                null,
                "body: expected 4 KiB a second, beyond 1 MiB 32 KiB a second; it came too slowly",
                SOON);
    }

    /** The client did not read its stream in time. */
    public static HttpFailure slowReader(String message) {
        return refused(408, "response_timeout", message);
    }

    /** The model wrote a tool call that is none. */
    public static HttpFailure badToolCall(String message) {
        return new HttpFailure(502, "server_error", "invalid_tool_call", null, message, null);
    }

    /** An error of Jetty's. */
    static HttpFailure of(int status, String message) {
        return status < 500
                ? refused(status, "bad_request", message)
                : new HttpFailure(status, "server_error", "internal_error", null, message, null);
    }

    /** A fault of the server, of which its log says more. */
    public static HttpFailure fault(String requestId) {
        return new HttpFailure(
                500,
                "server_error",
                "internal_error",
                null,
                "the server failed; its log says more about request " + requestId,
                null);
    }

    /** Status of HTTP. */
    public int status() {
        return status;
    }

    /** True if the server is at fault, which its log reports already, or not ready, for which probes ask it all the time. */
    boolean isServerError() {
        return status >= 500;
    }

    /** For the log. */
    public String line() {
        return status + " " + getMessage();
    }

    /** When a repeat may help; empty if it cannot. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Adds the headers that say when a repeat may help, or that it cannot. */
    void putRetry(HttpFields.Mutable headers) {
        if (retryAfter == null) {
            headers.put("x-should-retry", "false");
            return;
        }
        // The header's unit is seconds, and 0 would mean at once.
        headers.put("retry-after", Math.max(1, Math.ceilDiv(retryAfter.toMillis(), 1000)));
        headers.put("retry-after-ms", retryAfter.toMillis());
    }

    /** The body that is sent. */
    Body body() {
        String where = param == null ? null : Printable.line(param);
        return new Body(new Body.Error(Printable.line(getMessage()), type, where, code));
    }

    /**
     * An error as OpenAI's clients read it.
     *
     * @param error what went wrong
     */
    record Body(Error error) {
        /**
         * The fault.
         *
         * @param message for people, one line
         * @param type of the kind {@code invalid_request_error}
         * @param param where in the request; null if nowhere in particular
         * @param code what clients match on
         */
        record Error(String message, String type, String param, String code) {}
    }
}
