package sparrow.engine.reply;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import sparrow.engine.interleave.Unit;

/**
 * A complete reply.
 *
 * @param steps one step per decided unit, including the end token
 * @param stop limit or event that ended the reply
 * @param runaway loop or excess speech that ended the reply if {@code stop} is {@link StopReason#RUNAWAY}
 * @param compute amount of computation
 * @param agreement agreement of the verified early units with full depth
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

    /** Creates a reply that did not run away. */
    public Reply(List<Step> steps, StopReason stop, ComputeStats compute, EarlyTokenAgreement agreement) {
        this(steps, stop, Optional.empty(), compute, agreement);
    }

    /** Returns a reply without steps. */
    public static Reply none(StopReason stop) {
        return new Reply(List.of(), stop, ComputeStats.NONE, EarlyTokenAgreement.NONE);
    }

    /**
     * Returns the number of steps before the repetitions or excess of a runaway, or the number of all steps if the
     * reply did not run away.
     */
    public int stepsBeforeRunaway() {
        return runaway.map(Runaway::from).orElse(steps.size());
    }

    /**
     * Returns the lowest probability of a text token, 0 to 1. A low value indicates that the model may have misheard the
     * question or does not know the answer. Returns empty if the request did not ask for probabilities
     * ({@link sparrow.engine.decode.Request#withProbabilities}) or the reply has no text.
     */
    public OptionalDouble confidence() {
        return steps.stream()
                .mapToDouble(Step::probability)
                .filter(probability -> !Double.isNaN(probability))
                .min();
    }

    /** Returns a copy with a different stop reason. */
    public Reply with(StopReason other) {
        return new Reply(steps, other, runaway, compute, agreement);
    }

    /** Returns the decided units, including the end token. */
    public List<Unit> units() {
        return steps.stream().map(Step::unit).toList();
    }

    /**
     * Returns the ids of the decided tokens, including the end token.
     *
     * @throws IllegalStateException if a unit is a frame
     */
    public int[] tokens() {
        return Unit.ids(units());
    }
}
