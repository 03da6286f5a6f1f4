package sparrow.engine.decode;

import java.util.Optional;

/**
 * The limits of a reply that does not end by itself.
 *
 * @param newTokens maximum units to decide
 * @param speechTail maximum speech units after the text has ended; {@link #UNBOUNDED} for no bound
 * @param loops the rule that recognises speech and text without end; empty for none
 */
public record Limits(int newTokens, int speechTail, Optional<LoopRule> loops) {
    /** No bound on the speech tail. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    public Limits {
        if (newTokens < 1) throw new IllegalArgumentException("new tokens: expected 1 or more, got " + newTokens);
        if (speechTail < 1) throw new IllegalArgumentException("speech tail: expected 1 or more, got " + speechTail);
    }

    /** Without a rule about loops. */
    public Limits(int newTokens, int speechTail) {
        this(newTokens, speechTail, Optional.empty());
    }

    /** A maximum number of units, and no other limit. */
    public static Limits newTokens(int newTokens) {
        return new Limits(newTokens, UNBOUNDED);
    }

    /** A copy with another number of units. */
    public Limits withNewTokens(int other) {
        return new Limits(other, speechTail, loops);
    }
}
