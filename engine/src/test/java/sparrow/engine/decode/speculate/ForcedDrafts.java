package sparrow.engine.decode.speculate;

import sparrow.engine.decode.ReplyState;
import sparrow.engine.interleave.Unit;

/** All strategies, with drafts replaced. Under teacher forcing every draft is the forced unit and therefore right; this makes some wrong. */
public final class ForcedDrafts extends StrategyFactory {
    private final Replacement replacement;

    /** Replaces drafts. */
    public interface Replacement {
        /**
         * The draft of a unit.
         *
         * @param place of the unit in the reply, from 0
         * @param inRun its place in the run of drafts, from 1
         * @param unit that was drafted
         */
        Unit draft(int place, int inRun, Unit unit);
    }

    public ForcedDrafts(Replacement replacement) {
        this.replacement = replacement;
    }

    @Override
    SpeculativeDecoding speculative(ReplyState reply) {
        return new SpeculativeDecoding(reply) {
            @Override
            Unit draftOf(Unit unit, int place, int inRun) {
                return replacement.draft(place, inRun, unit);
            }
        };
    }
}
