package sparrow.study.tune;

import java.util.List;
import java.util.Optional;

/**
 * Policies that were measured on the same questions.
 *
 * @param fullDepth that the others are compared with
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
     * The best candidate that keeps the budget, in the budget's order; of those that are the same, the first. Empty if none
     * keeps the budget or none saves anything.
     */
    public Optional<Measured> choose(Budget budget) {
        Measured best = null;
        for (Measured policy : within(budget)) {
            if (budget.saved(policy) > 0 && (best == null || budget.order().compare(policy, best) > 0)) best = policy;
        }
        return Optional.ofNullable(best);
    }
}
