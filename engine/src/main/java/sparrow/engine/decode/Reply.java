package sparrow.engine.decode;

import java.util.List;

/**
 * A whole reply.
 *
 * @param steps one per decided token, the end token included
 * @param stop what ended it
 */
public record Reply(List<Step> steps, StopReason stop) {
    public Reply {
        steps = List.copyOf(steps);
    }

    /** The decided ids, the end token included. */
    public int[] tokens() {
        return steps.stream().mapToInt(Step::token).toArray();
    }
}
