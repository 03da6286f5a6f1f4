package sparrow.study.http;

/**
 * Thrown if an answer lacks a value required by the protocol. The message contains the value's name and is part of the
 * line shown to the user.
 */
public final class UnexpectedAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    /** Creates an exception with a message such as {@code text: expected a string, found a number}. */
    public UnexpectedAnswerException(String message) {
        super(message);
    }
}
