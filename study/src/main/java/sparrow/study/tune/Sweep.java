package sparrow.study.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.exit.ExitPlan;
import sparrow.study.compare.PolicyResult;
import sparrow.study.layers.LayerReadings;

/**
 * Policies measured on common questions.
 *
 * @param fullDepth full depth, the baseline
 * @param policies the candidates
 */
public record Sweep(Measured fullDepth, List<Measured> policies) {
    public Sweep {
        policies = List.copyOf(policies);
    }

    /**
     * Creates the sweep of a comparison.
     *
     * @param rows rows, one of which is full depth
     * @param readings readings for the agreement, or empty if layers were not read
     * @param layers number of layers L
     */
    public static Sweep of(List<PolicyResult> rows, Optional<LayerReadings> readings, int layers) {
        boolean text = rows.stream()
                .anyMatch(row -> !row.policy().plan().text().exitLayers().isEmpty());
        List<Measured> measured = new ArrayList<>();
        for (PolicyResult row : rows) measured.add(Measured.of(row, readings, layers, text));
        Measured fullDepth = measured.stream()
                .filter(row -> row.plan().equals(ExitPlan.NONE))
                .findFirst()
                .orElseThrow();
        return new Sweep(
                fullDepth, measured.stream().filter(row -> row != fullDepth).toList());
    }

    /** Returns the candidates that meet the budget. */
    public List<Measured> within(Budget budget) {
        return policies.stream()
                .filter(policy -> budget.allows(policy, fullDepth))
                .toList();
    }

    /**
     * Returns the best candidate that meets the budget, in the budget's order, or the first of several equally good
     * candidates. Returns empty if no candidate meets the budget, or if no saving is positive.
     */
    public Optional<Measured> choose(Budget budget) {
        Measured best = null;
        for (Measured policy : within(budget)) {
            if (budget.saved(policy) > 0 && (best == null || budget.order().compare(policy, best) > 0)) best = policy;
        }
        return Optional.ofNullable(best);
    }
}
