package sparrow.server.message;

import java.util.Optional;

/** A request that cannot be done, in one line that its sender is shown. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The code of a server that lets nothing in any more. */
    public static final String UNAVAILABLE = "unavailable";

    /** Of a value of another kind or beyond its bounds, until the protocol is known that has its own word for it. */
    private static final String MISMATCH = "mismatch";

    private final String code;
    private final String param;

    /**
     * @param code what clients match on, such as {@code invalid_value}
     * @param param where in the request; null if nowhere in particular
     * @param message expected and found
     */
    public RefusedException(String code, String param, String message) {
        super(message);
        this.code = code;
        this.param = param;
    }

    /** A value that is not among those expected. */
    public static RefusedException value(String param, String message) {
        return new RefusedException("invalid_value", param, message);
    }

    /** A key of the protocol that is not offered. */
    public static RefusedException unsupported(String param, String why) {
        return new RefusedException("unsupported_parameter", param, param + ": not supported; " + why);
    }

    /** A key that has to be there. */
    static RefusedException missing(String param) {
        return new RefusedException("missing_required_parameter", param, param + ": expected, but missing");
    }

    /** A value of another kind or beyond its bounds. */
    public static RefusedException mismatch(String param, String expected, Object found) {
        return new RefusedException(MISMATCH, param, param + ": expected " + expected + ", got " + found);
    }

    /**
     * The same as the sender sees it of an object inside of what he sent.
     *
     * @param place of the object
     * @param mismatch the protocol's word for values of another kind
     */
    RefusedException below(String place, String mismatch) {
        String ownCode = code.equals(MISMATCH) ? mismatch : code;
        if (param == null) return new RefusedException(ownCode, place, place + ": " + getMessage());
        boolean placed = getMessage().startsWith(param);
        return new RefusedException(ownCode, join(place, param), placed ? join(place, getMessage()) : getMessage());
    }

    /** A copy of the refusal with a further part of its line. */
    public RefusedException and(String more) {
        return new RefusedException(code, param, getMessage() + "; " + more);
    }

    static String join(String place, String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    /** The code that clients match on. */
    public String code() {
        return code;
    }

    /** The place in the request. */
    public Optional<String> param() {
        return Optional.ofNullable(param);
    }
}
