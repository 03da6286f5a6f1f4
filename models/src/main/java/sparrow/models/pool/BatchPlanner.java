package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses what a pass does. Every reply that wants a token decides one, those first whose sound is needed first. Prompts go
 * along in the order of their arrival: the weights are read anyway, and as many of their positions come as keep the pass
 * short, so that no reply falls silent while the prompts of others are read.
 */
final class BatchPlanner {
    /** Positions of a prompt that go along however slow the machine is, or it would never be read. */
    private static final int MIN_PIECE = 8;

    private final CostModel cost;
    private final double passNanos;
    private final int most;

    /**
     * @param passNanos time that a pass may take while a reply is decoded
     * @param most positions of a pass
     */
    BatchPlanner(CostModel cost, double passNanos, int most) {
        this.cost = cost;
        this.passNanos = passNanos;
        this.most = most;
    }

    /**
     * A reply that was admitted.
     *
     * @param promptLeft positions of its prompt that are not prefilled
     * @param deadline moment at which what was decided so far will have been heard, in nanoseconds
     * @param wanted true if its listener is ready for more
     * @param heard true if some of its sound was given
     */
    record Candidate<T>(T reply, int promptLeft, long deadline, boolean wanted, boolean heard) {
        boolean decides() {
            return promptLeft == 0 && wanted;
        }
    }

    /** So many positions of a reply's prompt. */
    record Piece<T>(T reply, int positions) {}

    /**
     * The work of a pass.
     *
     * @param deciding replies that get a token
     * @param prompts pieces that are prefilled along
     * @param room for further positions
     */
    record Plan<T>(List<T> deciding, List<Piece<T>> prompts, int room) {
        boolean isEmpty() {
            return deciding.isEmpty() && prompts.isEmpty();
        }
    }

    /**
     * The next pass.
     *
     * @param candidates in the order of their arrival
     * @param rows replies that decide at most
     * @param now on the clock of the deadlines
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

    /** Time until the first reply whose sound is played would need more. */
    private static double slack(List<? extends Candidate<?>> deciding, long now) {
        return deciding.stream()
                .filter(Candidate::heard)
                .mapToDouble(candidate -> candidate.deadline() - now)
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }

    /**
     * Returns the maximum number of prompt positions of a pass in which {@code deciding} replies decide a unit. The
     * pass should end within its target time and before any playback is interrupted, but there is always room for
     * {@link #MIN_PIECE} positions.
     */
    private int room(int deciding, double slack) {
        if (deciding == 0) return most;
        int fitting = cost.rowsWithin(Math.min(passNanos, slack), most) - deciding;
        return Math.clamp(fitting, MIN_PIECE, most);
    }
}
