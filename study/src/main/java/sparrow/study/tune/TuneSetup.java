package sparrow.study.tune;

import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.exit.Verification;
import sparrow.study.compare.CompareSetup;
import sparrow.study.layers.LayerSetup;
import sparrow.study.layers.Lens;
import sparrow.study.run.PolicyCase;

/**
 * The candidates of a tuning, and its budget.
 *
 * @param sweep the candidates, whose skipped layers are filled, and the questions that they answer
 * @param budget that the chosen policy keeps
 */
public record TuneSetup(CompareSetup sweep, Budget budget) {
    public TuneSetup {
        for (PolicyCase row : sweep.cases()) {
            // Agreement is read along full-depth replies, so the keys must be those of full depth: an exact fill.
            if (row.plan().skippedKv() != SkippedKv.FILL) {
                throw new IllegalArgumentException("candidates: expected skipped layers to be filled, got " + row);
            }
        }
    }

    /**
     * A candidate for a budget; verified at full depth if the budget is exact.
     *
     * @throws IllegalArgumentException in one line if that cannot be
     */
    public static PolicyCase candidate(ExitPlan plan, Budget budget) {
        return new PolicyCase("", budget.equals(Budget.EXACT) ? plan.with(Verification.EXACT) : plan);
    }

    /** The layers that candidates exit after and the last one, read on the same questions. */
    LayerSetup layers() {
        SortedSet<Integer> layers = new TreeSet<>();
        layers.add(sweep.study().model().languageModel().layers());
        for (PolicyCase row : sweep.cases()) {
            layers.addAll(row.plan().speech().exitLayers());
            layers.addAll(row.plan().text().exitLayers());
        }
        return new LayerSetup(sweep.study(), layers, Lens.HEAD);
    }
}
