package sparrow.study.run;

/** What came from another machine is not what was to come. */
public final class BadParcelException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * @param message what was expected, and what was found
     */
    public BadParcelException(String message) {
        super(message);
    }
}
