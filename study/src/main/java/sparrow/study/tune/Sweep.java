package sparrow.study.tune;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Policies that were measured on the same questions.
 *
 * @param fullDepth what the others are compared with
 * @param policies the candidates
 */
public record Sweep(Measured fullDepth, List<Measured> policies) {
    public Sweep {
        policies = List.copyOf(policies);
    }

    /** The candidates that keep the budget. */
    public List<Measured> within(Budget budget) {
        return policies.stream()
                .filter(policy -> budget.allows(policy, fullDepth))
                .toList();
    }

    /**
     * The candidate that keeps the budget and saves the most depth; of those that save the same, the one that is better
     * in the first quality of the budget that differs, and of those that are the same in all, the first. Empty if none
     * keeps the budget or none saves anything.
     */
    public Optional<Measured> choose(Budget budget) {
        Comparator<Measured> order = Comparator.comparingDouble(Measured::depthSaved);
        for (Quality quality : budget.qualities()) {
            order = order.thenComparing(
                    (a, b) -> Double.compare(quality.gain(a.quality(quality), b.quality(quality)), 0));
        }
        Measured best = null;
        for (Measured policy : within(budget)) {
            if (policy.depthSaved() > 0 && (best == null || order.compare(policy, best) > 0)) best = policy;
        }
        return Optional.ofNullable(best);
    }
}
