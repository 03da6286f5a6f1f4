package sparrow.study.run;

/** A message from another process is not the record that was expected. */
public final class BadMessageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * @param message the expected record and the fault, in one line
     */
    public BadMessageException(String message) {
        super(message);
    }
}
