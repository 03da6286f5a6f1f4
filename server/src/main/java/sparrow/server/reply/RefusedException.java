package sparrow.server.reply;

import java.util.Optional;

/** A request that cannot be done, in one line that its sender is shown. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

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

    /** What clients match on. */
    public String code() {
        return code;
    }

    /** Where in the request. */
    public Optional<String> param() {
        return Optional.ofNullable(param);
    }
}
