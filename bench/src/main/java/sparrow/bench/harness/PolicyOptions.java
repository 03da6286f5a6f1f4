package sparrow.bench.harness;

import java.util.List;
import picocli.CommandLine.Option;
import sparrow.engine.exit.ExitPlan;

/** A picocli mixin with the option for the exit plans to compare. */
public final class PolicyOptions {
    @Option(
            names = "--policies",
            split = ExitPlan.SEPARATOR,
            splitSynopsisLabel = ",",
            paramLabel = "EXIT",
            description = "Exit plans to compare, in the notation of ask --exit. Default: the model's.")
    private List<ExitPlan> policies;

    /**
     * Returns the exit plans to compare for a model.
     *
     * @param own plan recommended by the model
     */
    public List<ExitPlan> policies(ExitPlan own) {
        return policies == null ? List.of(own) : policies;
    }
}
