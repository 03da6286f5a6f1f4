package sparrow.models.family;

/** Thrown if the model generates an invalid tool call. The call ends the reply. */
public final class BadToolCallException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message a one-line message that contains the expected and the actual text */
    public BadToolCallException(String message) {
        super("tool call of the model: " + message);
    }
}
