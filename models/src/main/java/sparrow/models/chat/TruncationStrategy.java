package sparrow.models.chat;

import java.util.Locale;

/** The way in which a conversation that no longer fits gives up its oldest turns. */
public enum TruncationStrategy {
    /**
     * The oldest turns are dropped; keys and values of the others stay and move together. They were made when the others were visible,
     * so this is an approximation.
     */
    TURNS,

    /**
     * First the speech of the oldest replies is dropped and its text stays, except in the last reply; then the oldest turns. An
     * approximation as well.
     */
    SPEECH,

    /** The oldest turns are dropped, and the others are prefilled anew: exact, and slower. */
    REPLAY,

    /** Nothing: a turn that does not fit is refused. */
    OFF;

    /** True if what stays keeps the keys and values that were made when more was visible. */
    public boolean isApproximate() {
        return this == TURNS || this == SPEECH;
    }

    /**
     * Reads what {@link #toString} prints.
     *
     * @throws IllegalArgumentException in one line if it is none of them
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
