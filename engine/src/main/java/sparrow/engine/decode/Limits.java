package sparrow.engine.decode;

import java.util.Optional;

/**
 * Limits that end a reply if the model does not end it.
 *
 * @param newTokens maximum number of units
 * @param speechTail maximum number of speech units after the end of the text, or {@link #UNBOUNDED} if there is no
 *     limit
 * @param loops rule that detects endless speech or text, or empty if there is none
 */
public record Limits(int newTokens, int speechTail, Optional<LoopRule> loops) {
    /** Value for a speech tail without a limit. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    public Limits {
        if (newTokens < 1) throw new IllegalArgumentException("new tokens: expected 1 or more, got " + newTokens);
        if (speechTail < 1) throw new IllegalArgumentException("speech tail: expected 1 or more, got " + speechTail);
    }

    /** Creates limits without a loop rule. */
    public Limits(int newTokens, int speechTail) {
        this(newTokens, speechTail, Optional.empty());
    }

    /** Creates limits that bound only the number of units. */
    public static Limits newTokens(int newTokens) {
        return new Limits(newTokens, UNBOUNDED);
    }

    /** Returns a copy with a different maximum number of units. */
    public Limits withNewTokens(int other) {
        return new Limits(other, speechTail, loops);
    }
}
