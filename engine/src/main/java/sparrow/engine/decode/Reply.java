package sparrow.engine.decode;

import java.util.List;

/**
 * A whole reply.
 *
 * @param steps one per decided token, the end token included
 * @param stop what ended it
 * @param effort what it cost
 * @param drift how its early tokens compare with full depth, as far as they were checked
 */
public record Reply(List<Step> steps, StopReason stop, Effort effort, Drift drift) {
    /** A reply of which nothing was decided. */
    public static Reply none(StopReason stop) {
        return new Reply(List.of(), stop, Effort.NONE, Drift.NONE);
    }

    public Reply {
        steps = List.copyOf(steps);
    }

    /** The same reply, ended by something else. */
    public Reply with(StopReason other) {
        return new Reply(steps, other, effort, drift);
    }

    /** The decided ids, the end token included. */
    public int[] tokens() {
        return steps.stream().mapToInt(Step::token).toArray();
    }
}
