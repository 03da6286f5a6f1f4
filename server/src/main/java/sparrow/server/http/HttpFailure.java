package sparrow.server.http;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpFields;
import sparrow.formats.Printable;
import sparrow.server.message.RefusalLog;
import sparrow.server.message.RefusedException;

/** A request failure, which is reported with a one-line message in the form of an OpenAI error. */
public final class HttpFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final Duration SOON = Duration.ofSeconds(1);

    private static final String RATE_LIMIT = "rate_limit_exceeded";

    private static final Set<String> NOT_FOUND = Set.of("model_not_found", "unsupported_endpoint");

    private final int status;
    private final String type;
    private final String code;
    private final String param;

    /** Null if repeating the request cannot help. */
    private final Duration retryAfter;

    private HttpFailure(int status, String type, String code, String param, String message, Duration retryAfter) {
        super(message);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
        this.retryAfter = retryAfter;
    }

    /** Returns the failure for a request that is invalid and should not be repeated. */
    public static HttpFailure refused(int status, String code, String message) {
        return new HttpFailure(status, "invalid_request_error", code, null, message, null);
    }

    /** Returns the failure for a refusal. */
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

    /** Returns the failure for a request that is rejected because the server is too busy. */
    public static HttpFailure busy(String why) {
        return rateLimited("busy: " + why + "; try again later");
    }

    /** Returns the failure for a request that exceeds a limit. The message is used unchanged. */
    public static HttpFailure rateLimited(String message) {
        return rateLimited(message, spread(SOON));
    }

    /**
     * Returns the failure for a request that exceeds a limit.
     *
     * @param retryAfter the time after which the client should repeat the request
     */
    public static HttpFailure rateLimited(String message, Duration retryAfter) {
        return new HttpFailure(429, "rate_limit_error", RATE_LIMIT, null, message, retryAfter);
    }

    /** Returns the failure for a request that cannot be answered yet. */
    public static HttpFailure unavailable(String message) {
        return unavailable(message, SOON);
    }

    private static HttpFailure unavailable(String message, Duration retryAfter) {
        return new HttpFailure(503, "server_error", "unavailable", null, message, spread(retryAfter));
    }

    /** Returns the failure for a request to a server that is shutting down. */
    public static HttpFailure closing() {
        return broken("the server is closing");
    }

    /** Returns the failure for a request to a server that can no longer respond. */
    public static HttpFailure broken(String why) {
        return unavailable(why, Duration.ofSeconds(5));
    }

    /** Returns the failure for a request that did not arrive in time. */
    static HttpFailure timedOut() {
        return new HttpFailure(
                408,
                "invalid_request_error",
                "request_timeout",
                null,
                "body: expected at least 4 KiB/s, or 32 KiB/s for bodies above 1 MiB",
                spread(SOON));
    }

    /** Returns the failure for a client that did not read its stream in time. */
    public static HttpFailure slowReader(String message) {
        return refused(408, "response_timeout", message);
    }

    /** Returns the failure for a reply with a malformed tool call. */
    public static HttpFailure badToolCall(String message) {
        return new HttpFailure(502, "server_error", "invalid_tool_call", null, message, null);
    }

    /** Returns the failure for an error that Jetty detected. */
    static HttpFailure of(int status, String message) {
        return status < 500
                ? refused(status, "bad_request", message)
                : new HttpFailure(status, "server_error", "internal_error", null, message, null);
    }

    /** Returns the failure for an internal error, whose details are in the server's log. */
    public static HttpFailure fault(String requestId) {
        return new HttpFailure(
                500,
                "server_error",
                "internal_error",
                null,
                "the server failed; its log says more about request " + requestId,
                null);
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /**
     * Returns whether the failure is an internal error or reports that the server is not ready. Internal errors are
     * already logged, and probes repeatedly find a server not ready.
     */
    boolean isServerError() {
        return status >= 500;
    }

    /** Returns a line that describes the failure in the log, without words of the client. */
    public String line() {
        return status + " " + RefusalLog.words(code, param, getMessage());
    }

    /** Returns the time after which repeating the request may help, or empty if it cannot help. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Adds the headers that specify when the client may repeat the request, or that it should not. */
    void putRetry(HttpFields.Mutable headers) {
        if (retryAfter == null) {
            headers.put("x-should-retry", "false");
            return;
        }
        putRetry(headers, retryAfter);
    }

    /** Adds the headers that specify when a client may repeat its request. */
    public static void putRetry(HttpFields.Mutable headers, Duration retryAfter) {
        long millis = retryAfter.toMillis();
        headers.put("retry-after", Math.ceilDiv(millis, 1000));
        headers.put("retry-after-ms", millis);
    }

    /**
     * Returns a random time between the earliest time and three times as long, so that clients that were rejected
     * together do not return together.
     */
    public static Duration spread(Duration earliest) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(earliest.toMillis(), 3 * earliest.toMillis()));
    }

    /** Returns the body of the response. */
    Body body() {
        String where = param == null ? null : Printable.line(param);
        return new Body(new Body.Error(Printable.line(getMessage()), type, where, code));
    }

    /** An error in OpenAI's format. */
    record Body(Error error) {
        /**
         * The details of an error.
         *
         * @param message a one-line message for people
         * @param type the error type, such as {@code invalid_request_error}
         * @param param the place in the request, or null if the error has no particular place
         * @param code a code that clients can compare
         */
        record Error(String message, String type, String param, String code) {}
    }
}
