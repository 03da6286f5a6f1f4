package sparrow.engine.decode.speculate;

import sparrow.engine.interleave.Unit;

/**
 * Makes drafts wrong on purpose. Under teacher forcing every draft is the forced unit, so right; a benchmark with random weights, whose
 * heads agree on nothing, and a test say how often drafting succeeds.
 */
@FunctionalInterface
public interface DraftVerdicts {
    /** Leaves drafts as they are. */
    DraftVerdicts NONE = (place, draft, unit) -> unit;

    /**
     * The draft of a unit.
     *
     * @param place of the unit in the reply, from 0
     * @param draft its place in its row of drafts, from 1
     * @param unit that was drafted
     */
    Unit draft(int place, int draft, Unit unit);
}
