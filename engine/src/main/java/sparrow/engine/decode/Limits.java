package sparrow.engine.decode;

/**
 * The runaway guard of a reply.
 *
 * @param newTokens most tokens to decide
 * @param speechTail most speech tokens after the text has ended; {@link #UNBOUNDED} for no such bound
 */
public record Limits(int newTokens, int speechTail) {
    /** No bound on the speech tail. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    public Limits {
        if (newTokens < 1) throw new IllegalArgumentException("new tokens: expected 1 or more, got " + newTokens);
        if (speechTail < 1) throw new IllegalArgumentException("speech tail: expected 1 or more, got " + speechTail);
    }

    /** At most this many tokens, and no other bound. */
    public static Limits newTokens(int newTokens) {
        return new Limits(newTokens, UNBOUNDED);
    }
}
