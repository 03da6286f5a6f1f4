package sparrow.engine.reply;

import java.util.List;
import java.util.Optional;
import sparrow.engine.interleave.Unit;

/**
 * A whole reply.
 *
 * @param steps one per decided unit, the end token included
 * @param stop the bound or the event that ended it
 * @param runaway the loop or the excess that ended it, if {@code stop} is {@link StopReason#RUNAWAY}
 * @param compute the computation that it took
 * @param agreement of its early units with full depth, as far as they were verified
 */
public record Reply(
        List<Step> steps,
        StopReason stop,
        Optional<Runaway> runaway,
        ComputeStats compute,
        EarlyTokenAgreement agreement) {
    public Reply {
        steps = List.copyOf(steps);
    }

    /** A reply that did not run away. */
    public Reply(List<Step> steps, StopReason stop, ComputeStats compute, EarlyTokenAgreement agreement) {
        this(steps, stop, Optional.empty(), compute, agreement);
    }

    /** A reply without a decision. */
    public static Reply none(StopReason stop) {
        return new Reply(List.of(), stop, ComputeStats.NONE, EarlyTokenAgreement.NONE);
    }

    /** The number of its steps without the repetitions at the end of a runaway. */
    public int sensibleSteps() {
        return runaway.map(Runaway::from).orElse(steps.size());
    }

    /** A copy with another reason of the end. */
    public Reply with(StopReason other) {
        return new Reply(steps, other, runaway, compute, agreement);
    }

    /** The decided units, the end token included. */
    public List<Unit> units() {
        return steps.stream().map(Step::unit).toList();
    }

    /**
     * The ids of the decided tokens, the end token included.
     *
     * @throws IllegalStateException if a unit is a frame
     */
    public int[] tokens() {
        return Unit.ids(units());
    }
}
