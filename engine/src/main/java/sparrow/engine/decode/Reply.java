package sparrow.engine.decode;

import java.util.List;

/**
 * A whole reply.
 *
 * @param steps one per decided token, the end token included
 * @param stop what ended it
 * @param heads what was counted on the way; {@link HeadDifferences#NONE} if nothing was asked for
 */
public record Reply(List<Step> steps, Stop stop, HeadDifferences heads) {
    public Reply {
        steps = List.copyOf(steps);
    }

    /** The decided ids, the end token included. */
    public int[] tokens() {
        return steps.stream().mapToInt(Step::token).toArray();
    }
}
