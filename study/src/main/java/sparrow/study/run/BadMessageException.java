package sparrow.study.run;

/** Thrown if a message from another process is not the expected record. */
public final class BadMessageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message the expected record and the error, as one line
     */
    public BadMessageException(String message) {
        super(message);
    }
}
