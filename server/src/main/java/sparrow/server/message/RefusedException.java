package sparrow.server.message;

import java.util.Optional;

/** The refusal of an invalid request, with a one-line message for the client. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Code for requests to a server that accepts no more requests. */
    public static final String UNAVAILABLE = "unavailable";

    /** Code for a value that has the wrong type. It is later replaced with the protocol's own code. */
    private static final String MISMATCH = "mismatch";

    private final String code;
    private final String param;

    /**
     * Creates a refusal.
     *
     * @param code a code that clients can compare, such as {@code invalid_value}
     * @param param the place in the request, or null if the error has no particular place
     * @param message a message that contains the expected and the actual value
     */
    public RefusedException(String code, String param, String message) {
        super(message);
        this.code = code;
        this.param = param;
    }

    /** Returns a refusal of a value that is not among the expected values. */
    public static RefusedException value(String param, String message) {
        return new RefusedException("invalid_value", param, message);
    }

    /** Returns a refusal of a protocol key that is not supported. */
    public static RefusedException unsupported(String param, String why) {
        return new RefusedException("unsupported_parameter", param, param + ": not supported; " + why);
    }

    /** Returns a refusal of a request without a required key. */
    static RefusedException missing(String param) {
        return new RefusedException("missing_required_parameter", param, param + ": expected, but missing");
    }

    /** Returns a refusal of a value that has the wrong type. */
    public static RefusedException mismatch(String param, String expected, Object found) {
        return new RefusedException(MISMATCH, param, param + ": expected " + expected + ", got " + found);
    }

    /**
     * Returns a refusal that refers to the complete request instead of one of its parts.
     *
     * @param place the place of the part in the request
     * @param mismatch the protocol's code for values of the wrong type
     */
    RefusedException below(String place, String mismatch) {
        String ownCode = code.equals(MISMATCH) ? mismatch : code;
        if (param == null) return new RefusedException(ownCode, place, place + ": " + getMessage());
        boolean placed = getMessage().startsWith(param);
        return new RefusedException(ownCode, join(place, param), placed ? join(place, getMessage()) : getMessage());
    }

    /** Returns a copy with text appended to its message. */
    public RefusedException and(String more) {
        return new RefusedException(code, param, getMessage() + "; " + more);
    }

    static String join(String place, String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    /** Returns a code that clients can compare. */
    public String code() {
        return code;
    }

    /** Returns the place in the request, or empty if the error has no particular place. */
    public Optional<String> param() {
        return Optional.ofNullable(param);
    }
}
