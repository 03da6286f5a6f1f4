package sparrow.engine.reply;

/**
 * Evidence that a reply is endless, detected with a {@link sparrow.engine.decode.LoopRule}.
 *
 * @param kind kind of evidence
 * @param first index, counted from 0, of the step at which the first copy begins; equal to {@code from} for
 *     {@link Kind#BUDGET}
 * @param from index of the first superfluous step, which is the first step of the second copy or the first speech unit
 *     beyond the budget
 * @param period number of speech units or text tokens per copy; 0 for {@link Kind#BUDGET}
 */
public record Runaway(Kind kind, int first, int from, int period) {
    /** Kinds of evidence. */
    public enum Kind {
        /** More speech than the text requires. */
        BUDGET,
        /** Repeated speech. */
        SPEECH_CYCLE,
        /** Repeated text. */
        TEXT_CYCLE
    }
}
