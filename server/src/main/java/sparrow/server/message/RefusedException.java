package sparrow.server.message;

import java.util.Optional;

/** The refusal of an invalid request, with a message of one line for its sender. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The code for a server that accepts no more requests. */
    public static final String UNAVAILABLE = "unavailable";

    /** The code of a value of the wrong type or out of bounds, until it is replaced with the protocol's own code. */
    private static final String MISMATCH = "mismatch";

    private final String code;
    private final String param;

    /**
     * Creates a refusal.
     *
     * @param code for clients to match, such as {@code invalid_value}
     * @param param place in the request; null if none in particular
     * @param message expected and found
     */
    public RefusedException(String code, String param, String message) {
        super(message);
        this.code = code;
        this.param = param;
    }

    /** Returns the refusal of a value that is not among the expected ones. */
    public static RefusedException value(String param, String message) {
        return new RefusedException("invalid_value", param, message);
    }

    /** Returns the refusal of a key of the protocol that is not supported. */
    public static RefusedException unsupported(String param, String why) {
        return new RefusedException("unsupported_parameter", param, param + ": not supported; " + why);
    }

    /** Returns the refusal of a request without a required key. */
    static RefusedException missing(String param) {
        return new RefusedException("missing_required_parameter", param, param + ": expected, but missing");
    }

    /** Returns the refusal of a value of the wrong type or out of bounds. */
    public static RefusedException mismatch(String param, String expected, Object found) {
        return new RefusedException(MISMATCH, param, param + ": expected " + expected + ", got " + found);
    }

    /**
     * Returns this refusal of a part of a request as a refusal of the whole request.
     *
     * @param place of the part
     * @param mismatch the protocol's code for values of the wrong type
     */
    RefusedException below(String place, String mismatch) {
        String ownCode = code.equals(MISMATCH) ? mismatch : code;
        if (param == null) return new RefusedException(ownCode, place, place + ": " + getMessage());
        boolean placed = getMessage().startsWith(param);
        return new RefusedException(ownCode, join(place, param), placed ? join(place, getMessage()) : getMessage());
    }

    /** Returns a copy with an addition to its message. */
    public RefusedException and(String more) {
        return new RefusedException(code, param, getMessage() + "; " + more);
    }

    static String join(String place, String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    /** Returns the code that clients match. */
    public String code() {
        return code;
    }

    /** Returns the place in the request. */
    public Optional<String> param() {
        return Optional.ofNullable(param);
    }
}
