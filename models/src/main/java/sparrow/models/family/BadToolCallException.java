package sparrow.models.family;

/** Thrown if the model writes an invalid tool call, which ends its reply. */
public final class BadToolCallException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what was expected and what was found, in one line */
    public BadToolCallException(String message) {
        super("tool call of the model: " + message);
    }
}
