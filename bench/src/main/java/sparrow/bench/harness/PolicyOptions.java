package sparrow.bench.harness;

import java.util.List;
import picocli.CommandLine.Option;
import sparrow.engine.exit.ExitPlan;

/** The option for the exit plans to compare; a picocli mixin. */
public final class PolicyOptions {
    @Option(
            names = "--policies",
            split = ExitPlan.SEPARATOR,
            splitSynopsisLabel = ",",
            paramLabel = "EXIT",
            description = "Exit plans to compare, as in ask --exit. Default: the model's own.")
    private List<ExitPlan> policies;

    /**
     * Returns the plans for a model.
     *
     * @param own plan that the model recommends
     */
    public List<ExitPlan> policies(ExitPlan own) {
        return policies == null ? List.of(own) : policies;
    }
}
