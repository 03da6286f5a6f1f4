package sparrow.server.realtime.event;

import sparrow.formats.Printable;
import sparrow.server.message.RefusedException;

/**
 * An error that is reported to a client.
 *
 * @param type the protocol's error type, which distinguishes between client errors and server errors
 * @param code a code that clients can compare
 * @param param the place in the client's event, or null if the error has no particular place
 */
public record Problem(String type, String code, String message, String param) {
    /** Code if too many replies are waiting. The client may try again later. */
    public static final String RATE_LIMIT = "rate_limit_exceeded";

    public static final String SERVER = "server_error";

    /** Code if the model generated a malformed tool call. */
    public static final String BAD_CALL = "invalid_tool_call";

    public static final String SHUTTING_DOWN = "the server is shutting down";

    public static final String UNAVAILABLE = RefusedException.UNAVAILABLE;

    public Problem {
        message = Printable.line(message);
        if (param != null) param = Printable.line(param);
    }

    public static Problem of(RefusedException refused) {
        return new Problem(
                type(refused.code()),
                refused.code(),
                refused.getMessage(),
                refused.param().orElse(null));
    }

    public static Problem of(String code, String message) {
        return new Problem(type(code), code, message, null);
    }

    private static String type(String code) {
        return switch (code) {
            case RATE_LIMIT -> "rate_limit_error";
            case SERVER, BAD_CALL, UNAVAILABLE -> "server_error";
            default -> "invalid_request_error";
        };
    }
}
