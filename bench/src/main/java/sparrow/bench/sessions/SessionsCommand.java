package sparrow.bench.sessions;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.app.options.LanguageModelOptions;
import sparrow.bench.harness.BenchOptions;
import sparrow.bench.harness.PolicyOptions;
import sparrow.engine.exit.ExitPlan;

/** {@code sparrow bench sessions}: replies that are decoded together. */
@Command(
        name = "sessions",
        description = {
            "Measure replies that are decoded together: prefill, passes and tokens per second.",
            "Each reply begins at a moment of its own, and passes are timed once all speak. Tokens are given, not chosen."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow bench sessions",
            "  sparrow bench sessions --replies 1,2,4,8 --policies none,even:12 --rounds 5"
        })
public final class SessionsCommand implements Callable<Integer> {
    private static final int ROUNDS = 3;

    @Option(
            names = "--replies",
            split = ",",
            paramLabel = "N",
            description = "Replies at once, each number by itself. Default: 1,2,4,8.")
    private List<Integer> replies = List.of(1, 2, 4, 8);

    @Mixin
    private PolicyOptions policies;

    @Option(
            names = "--set prompt",
            paramLabel = "N",
            defaultValue = "96",
            description = "Tokens to prefill before each run. Default: ${DEFAULT-VALUE}.")
    private int prompt;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "52",
            description = "Passes to time in each run. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Mixin
    private BenchOptions options;

    @Mixin
    private LanguageModelOptions modelOptions;

    @Override
    public Integer call() throws IOException {
        options.check();
        try (LanguageModelOptions.Measured model = modelOptions.openMeasured()) {
            List<ExitPlan> compared = policies.policies(model.exit());
            return options.measure(new SessionBenchmark(model, replies, compared, prompt, tokens), ROUNDS);
        }
    }
}
