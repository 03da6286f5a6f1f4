package sparrow.engine.decode;

import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.interleave.Modality;

/**
 * Where a reply stands in its exit schedule if the schedule may be shifted. Within a chunk it follows its own pattern until a
 * pass makes it full where it could have left; from there on at most K - 1 early positions follow a full one.
 */
final class DepthCycle {
    private final ExitPlan plan;
    private boolean shifted;
    private boolean couldLeave;
    private int early;

    DepthCycle(ExitPlan plan) {
        this.plan = plan;
    }

    /** What a position may do in a pass of one depth. */
    sealed interface Choice {
        /** It must be full. */
        record Full() implements Choice {}

        /** It may leave after this layer. */
        record Early(int layer) implements Choice {}

        /** It follows its own rule: its schedule cannot be shifted. */
        record Own() implements Choice {}
    }

    /** What the next position may do. A chunk begins anew, as its schedule does. */
    Choice next(Modality modality, int chunkPosition) {
        couldLeave = false;
        if (chunkPosition == 1) {
            shifted = false;
            early = 0;
        }
        return switch (plan.policy(modality)) {
            case ExitPolicy.None() -> new Choice.Full();
            // The first token of a reply is full whatever the schedule says, which a shifted one of text would not
            // know.
            case ExitPolicy.Periodic periodic
            when modality == Modality.SPEECH && hasOneFull(periodic.pattern()) -> speech(periodic, chunkPosition);
            case ExitPolicy.Periodic periodic -> new Choice.Own();
            case ExitPolicy.Fixed fixed -> new Choice.Own();
            case ExitPolicy.Confidence confidence -> new Choice.Own();
            case ExitPolicy.Draft draft -> new Choice.Own();
            case ExitPolicy.DraftAuto auto -> new Choice.Own();
            case ExitPolicy.AheadAuto auto -> new Choice.Full();
            case ExitPolicy.Ahead ahead -> new Choice.Full();
        };
    }

    private Choice speech(ExitPolicy.Periodic periodic, int chunkPosition) {
        String pattern = periodic.pattern();
        boolean full =
                shifted ? early >= pattern.length() - 1 : pattern.charAt((chunkPosition - 1) % pattern.length()) == 'F';
        couldLeave = !full;
        return full ? new Choice.Full() : new Choice.Early(periodic.layer());
    }

    /** Even, odd and triple. */
    private static boolean hasOneFull(String pattern) {
        return pattern.equals("FE") || pattern.equals("EF") || pattern.equals("FEE");
    }

    /** Takes note of what the position did. */
    void decided(boolean leftEarly) {
        if (couldLeave && !leftEarly) shifted = true;
        early = leftEarly ? early + 1 : 0;
    }
}
