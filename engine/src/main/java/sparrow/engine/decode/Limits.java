package sparrow.engine.decode;

/**
 * What ends a reply that does not end by itself.
 *
 * @param newTokens most tokens to decide
 * @param speechTail most speech tokens after the text has ended; {@link #UNBOUNDED} for no such bound
 * @param guard against speech and text that would go on for ever
 */
public record Limits(int newTokens, int speechTail, Guard guard) {
    /** No bound on the speech tail. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    public Limits {
        if (newTokens < 1) throw new IllegalArgumentException("new tokens: expected 1 or more, got " + newTokens);
        if (speechTail < 1) throw new IllegalArgumentException("speech tail: expected 1 or more, got " + speechTail);
    }

    /** Without a guard. */
    public Limits(int newTokens, int speechTail) {
        this(newTokens, speechTail, Guard.OFF);
    }

    /** At most this many tokens, and no other bound. */
    public static Limits newTokens(int newTokens) {
        return new Limits(newTokens, UNBOUNDED);
    }

    /** The same bounds with another number of tokens. */
    public Limits withNewTokens(int other) {
        return new Limits(other, speechTail, guard);
    }
}
