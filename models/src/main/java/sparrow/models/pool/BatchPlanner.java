package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Plans the passes. Every reply whose listener is ready gets one token, starting with the replies whose audio is needed
 * first. Prompts are prefilled in the same step, in a pass of their own, in the order of their arrival.
 * The number of prompt positions is limited so that the step is short, and no playback is interrupted while other
 * replies' prompts are prefilled.
 */
final class BatchPlanner {
    /** Minimum number of prompt positions in a pass. It ensures that prompts are prefilled even on a slow machine. */
    private static final int MIN_PIECE = 8;

    private final CostModel cost;
    private final double passNanos;
    private final int max;

    /**
     * @param passNanos the time that a pass may take while a reply is decoded
     * @param max the maximum number of positions in a pass
     */
    BatchPlanner(CostModel cost, double passNanos, int max) {
        this.cost = cost;
        this.passNanos = passNanos;
        this.max = max;
    }

    /**
     * A reply that was admitted.
     *
     * @param promptLeft the number of positions in the reply's prompt that have not been prefilled
     * @param deadline the time at which the audio of all selected tokens will have been played, in nanoseconds
     * @param wanted whether the reply's listener is ready for more tokens
     * @param heard whether the reply's listener has received any audio
     */
    record Candidate<T>(T reply, int promptLeft, long deadline, boolean wanted, boolean heard) {
        boolean decides() {
            return promptLeft == 0 && wanted;
        }
    }

    /** A number of positions in a reply's prompt. */
    record Piece<T>(T reply, int positions) {}

    /**
     * The work of a pass.
     *
     * @param deciding the replies for which a token is selected
     * @param prompts the pieces of prompts that are prefilled
     * @param room the number of positions that could be added
     */
    record Plan<T>(List<T> deciding, List<Piece<T>> prompts, int room) {
        boolean isEmpty() {
            return deciding.isEmpty() && prompts.isEmpty();
        }
    }

    /**
     * Returns the plan for the next pass.
     *
     * @param candidates the replies in the order of their arrival
     * @param rows the maximum number of replies for which a token is selected
     * @param now the current time on the clock of the deadlines
     */
    <T> Plan<T> plan(List<Candidate<T>> candidates, int rows, long now) {
        List<Candidate<T>> urgent = candidates.stream()
                .filter(Candidate::decides)
                .sorted(Comparator.comparingLong(Candidate::deadline))
                .limit(rows)
                .toList();
        List<T> deciding = urgent.stream().map(Candidate<T>::reply).toList();
        int room = room(deciding.size(), slack(urgent, now));
        List<Piece<T>> prompts = new ArrayList<>();
        for (Candidate<T> candidate : candidates) {
            if (candidate.promptLeft() == 0 || room == 0) continue;
            int positions = Math.min(room, candidate.promptLeft());
            prompts.add(new Piece<>(candidate.reply(), positions));
            room -= positions;
        }
        return new Plan<>(deciding, prompts, room);
    }

    /** Returns the time until the first interruption of a reply's playback if no more tokens are selected. */
    private static double slack(List<? extends Candidate<?>> deciding, long now) {
        return deciding.stream()
                .filter(Candidate::heard)
                .mapToDouble(candidate -> candidate.deadline() - now)
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }

    /**
     * Returns the maximum number of prompt positions in a pass that selects a unit for {@code deciding} replies. The
     * pass should end within its target time and before any playback is interrupted, but there is always room for
     * {@link #MIN_PIECE} positions.
     */
    private int room(int deciding, double slack) {
        if (deciding == 0) return max;
        int fitting = cost.rowsWithin(Math.min(passNanos, slack), max) - deciding;
        return Math.clamp(fitting, MIN_PIECE, max);
    }
}
