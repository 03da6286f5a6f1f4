package sparrow.engine.reply;

/**
 * An endless reply, as found by the rule of {@link sparrow.engine.decode.LoopRule}.
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
        /** Repeated speech. */
        SPEECH_CYCLE,
        /** Repeated text. */
        TEXT_CYCLE
    }
}
