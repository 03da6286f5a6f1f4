package sparrow.models.family;

/** The model began a tool call that is none, told in one line. Its reply is over. */
public final class BadToolCallException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message expected and found */
    public BadToolCallException(String message) {
        super("tool call of the model: " + message);
    }
}
