package sparrow.models.chat;

import java.util.Locale;

/** The strategy by which the oldest turns are dropped from a conversation that no longer fits into the context. */
public enum TruncationStrategy {
    /**
     * First, the speech of the oldest replies is dropped, and their text is retained; the last reply is kept unchanged.
     * Then the oldest turns are dropped. This is also an approximation.
     */
    TURNS,

    /**
     * First, the speech of all but the last reply is dropped, oldest reply first, and the text is retained. Then the
     * oldest turns are dropped. This is also an approximation.
     */
    SPEECH,

    /** The oldest turns are dropped, and the remaining turns are prefilled again. This is exact but slower. */
    REPLAY,

    /** Nothing is dropped, and a turn that does not fit is rejected. */
    OFF;

    /** Returns whether the retained keys and values depend on dropped positions. */
    public boolean isApproximate() {
        return this == TURNS || this == SPEECH;
    }

    /**
     * Parses the notation of {@link #toString}.
     *
     * @throws IllegalArgumentException if the text is not one of the notations; the message is one line
     */
    public static TruncationStrategy parse(String text) {
        for (TruncationStrategy truncation : values()) if (truncation.toString().equals(text)) return truncation;
        throw new IllegalArgumentException("truncation: expected turns, speech, replay or off, got \"" + text + "\"");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
