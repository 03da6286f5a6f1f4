package sparrow.bench.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.DepthPolicy;
import sparrow.models.PolicyFile;

/** The exit policies that are compared; a picocli mixin. */
public final class PolicyOptions {
    @Option(
            names = "--policies",
            // conf:20,28:0.5 is one policy.
            split = ",(?=[A-Za-z])",
            splitSynopsisLabel = ",",
            paramLabel = "POLICY",
            description = "Exit policies of speech positions to compare, decode and voice with none, which always runs:"
                    + " fixed:LAYER, conf:LAYER[,LAYER...]:NATS, even:LAYER, odd:LAYER, triple:LAYER, a pattern such as"
                    + " FEEF:LAYER, draft:LAYER:N or speculate:N. Default: the model's own.")
    private List<DepthPolicy> policies;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description =
                    "The exit policy of speech positions from a file that study tune wrote, instead of --policies.")
    private Path policy;

    /**
     * The policies for a model.
     *
     * @param own its recommendation
     * @throws IllegalArgumentException in one line if two options contradict each other, or the file is not for this model
     */
    public List<DepthPolicy> policies(DepthPolicy own, LanguageModel model) throws IOException {
        if (policy == null) return policies == null ? List.of(own) : policies;
        if (policies != null) {
            throw new IllegalArgumentException("--policy: expected without --policies, which it replaces");
        }
        PolicyFile file = PolicyFile.read(policy);
        return List.of(file.planFor(model.transformer()).speech());
    }
}
