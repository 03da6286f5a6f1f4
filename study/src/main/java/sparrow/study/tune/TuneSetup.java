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
 * The candidates of a tuning run, and its budget.
 *
 * @param sweep candidates, which must fill skipped layers, and the questions that they answer
 * @param budget budget of the chosen policy
 */
public record TuneSetup(CompareSetup sweep, Budget budget) {
    public TuneSetup {
        for (PolicyCase row : sweep.cases()) {
            // Agreement is measured along full-depth replies, so keys must be equal to full depth's, which requires an
            // exact fill.
            if (row.plan().skippedKv() != SkippedKv.FILL) {
                throw new IllegalArgumentException("candidates: expected skipped layers to be filled, got " + row);
            }
        }
    }

    /**
     * Creates a candidate for a budget. If the budget is exact, the candidate is verified at full depth.
     *
     * @throws IllegalArgumentException if verification is not possible; the message is one line
     */
    public static PolicyCase candidate(ExitPlan plan, Budget budget) {
        return new PolicyCase("", budget instanceof Budget.Exact ? plan.with(Verification.EXACT) : plan);
    }

    /** Returns the exit layers of the candidates and the last layer, to be read on the questions of the sweep. */
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
