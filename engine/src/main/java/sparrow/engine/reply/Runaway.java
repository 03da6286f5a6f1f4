package sparrow.engine.reply;

/**
 * A reply that would have gone on for ever, as the rule of {@link sparrow.engine.decode.LoopRule} found it.
 *
 * @param what the sign of it
 * @param first index of the reply's step, from 0, with which the first copy begins; beyond a budget, as {@code from}
 * @param from index of the step from which on it says nothing new: the first of the second copy, or the
 *     first code beyond the budget
 * @param period codes or text tokens of one copy; 0 beyond a budget
 */
public record Runaway(Kind what, int first, int from, int period) {
    /** The signs of a runaway. */
    public enum Kind {
        /** More speech than its text can be read as. */
        BUDGET,
        /** The same speech again and again. */
        SPEECH_CYCLE,
        /** The same text again and again. */
        TEXT_CYCLE
    }
}
