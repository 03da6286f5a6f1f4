package sparrow.engine.decode;

/**
 * The runaway guard of a reply: when speech that goes on for ever is recognised ({@link RunawayWatch}), and what happens
 * then. It exists for replies without end; too tight a budget would cut words.
 *
 * @param perCharacter speech codes that a character of text may take ({@link LanguageModel#characters})
 * @param slack speech codes beyond these that a whole reply may have
 * @param codesPerSecond speech codes of one second: how many a cycle of six seconds has
 * @param reaction what happens
 */
public record Guard(double perCharacter, int slack, double codesPerSecond, Reaction reaction) {
    /** Nothing is watched. */
    public static final Guard OFF = new Guard(0, 0, 0, Reaction.OFF);

    /** What happens to a runaway reply. */
    public enum Reaction {
        /** Nothing: it goes on. */
        OFF,
        /** It ends. */
        STOP,
        /**
         * What speaks in cycles after early exits is taken back to the border of a chunk before the first copy, if its
         * listener has given nothing of it away, and decoded at full depth from there on; this once. Else it ends.
         */
        RETRY
    }

    public Guard {
        if (reaction != Reaction.OFF) {
            if (!(perCharacter >= 0 && perCharacter < 1e6)) {
                throw new IllegalArgumentException(
                        "guard: expected 0 to 1e6 speech codes a character, got " + perCharacter);
            }
            if (slack < 1)
                throw new IllegalArgumentException("guard: expected a slack of 1 code or more, got " + slack);
            if (!(codesPerSecond > 0 && codesPerSecond <= 1000)) {
                throw new IllegalArgumentException("guard: expected 0 to 1000 codes a second, got " + codesPerSecond);
            }
        }
    }

    /** The same guard with another reaction. */
    public Guard with(Reaction other) {
        return new Guard(perCharacter, slack, codesPerSecond, other);
    }
}
