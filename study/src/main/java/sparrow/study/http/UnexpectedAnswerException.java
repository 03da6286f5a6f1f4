package sparrow.study.http;

/** An answer lacks what the protocol promises; the message names it, and goes into the line that a person reads. */
public final class UnexpectedAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    /** Such as {@code text: expected a string, found a number}. */
    public UnexpectedAnswerException(String message) {
        super(message);
    }
}
