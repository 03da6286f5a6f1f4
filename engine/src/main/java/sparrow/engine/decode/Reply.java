package sparrow.engine.decode;

import java.util.List;

/**
 * A whole reply.
 *
 * @param steps one per decided token, the end token included
 * @param stop what ended it
 * @param runaways what the guard found: the last one ended it if {@code stop} says so, any other was taken back and
 *     decoded anew
 * @param effort what it cost
 * @param drift how its early tokens compare with full depth, as far as they were checked
 */
public record Reply(List<Step> steps, StopReason stop, List<Runaway> runaways, Effort effort, Drift drift) {
    public Reply {
        steps = List.copyOf(steps);
        runaways = List.copyOf(runaways);
    }

    /** A reply in which the guard found nothing. */
    public Reply(List<Step> steps, StopReason stop, Effort effort, Drift drift) {
        this(steps, stop, List.of(), effort, drift);
    }

    /** A reply of which nothing was decided. */
    public static Reply none(StopReason stop) {
        return new Reply(List.of(), stop, Effort.NONE, Drift.NONE);
    }

    /** How many of its steps say something: all but what a runaway repeated at its end. */
    public int sensibleSteps() {
        return stop == StopReason.RUNAWAY ? runaways.getLast().from() : steps.size();
    }

    /** Whether a part of it ran away, was taken back and decoded anew. */
    public boolean hasRetried() {
        return runaways.size() > (stop == StopReason.RUNAWAY ? 1 : 0);
    }

    /** The same reply, ended by something else. */
    public Reply with(StopReason other) {
        return new Reply(steps, other, runaways, effort, drift);
    }

    /** The decided ids, the end token included. */
    public int[] tokens() {
        return steps.stream().mapToInt(Step::token).toArray();
    }
}
