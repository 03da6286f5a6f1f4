package sparrow.bench.decode;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.options.LanguageModelOptions;
import sparrow.bench.harness.BenchOptions;
import sparrow.engine.exit.ExitPlan;
import sparrow.tensor.kernel.KvFormat;

/** {@code sparrow bench decode}: measures the speed of a language model by exit policy and by kind of step. */
@Command(
        name = "decode",
        description = "Measure a language model's prefill and decode speed, by exit policy and kind of step. "
                + "The policies are measured alternately. The tokens are predetermined, so models with "
                + "random weights can be measured too. With --replies, replies that are decoded "
                + "together are measured, and with --positions a token after a long context.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow bench decode --policies even:12,triple:12 --rounds 9 --plot speed.png",
            "  sparrow bench decode --model glm-4-voice.gguf \\",
            "      --policies even:36,none+speech-rows,even:36+speech-rows",
            "  sparrow bench decode --replies 1,2,4,8 --policies none,even:12",
            "  sparrow bench decode --positions 1000,4000 --model step-audio-2-mini/"
        })
public final class DecodeCommand implements Callable<Integer> {
    private static final int ROUNDS = 5;

    /** Default number of rounds of {@code --replies} and {@code --positions}, whose runs take longer. */
    private static final int FEWER_ROUNDS = 3;

    @Option(
            names = "--set prompt",
            paramLabel = "N",
            defaultValue = "96",
            description = "Number of tokens to prefill before each run. Default: ${DEFAULT-VALUE}.")
    private int prompt;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "52",
            description = "Number of tokens to decode in each run. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(
            names = "--replies",
            split = ",",
            paramLabel = "N",
            description = "Numbers of replies to decode together, each measured separately. The replies begin at "
                    + "random times, and passes are timed after all have begun.")
    private List<Integer> replies;

    @Option(
            names = "--positions",
            split = ",",
            paramLabel = "N",
            description = "Lengths of random contexts before a decoded token, each measured separately, in all key "
                    + "and value formats or in the format of --set kv.")
    private List<Integer> positions;

    @Mixin
    private BenchOptions options;

    @Mixin
    private LanguageModelOptions modelOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (replies != null) expectNone("--replies", "--positions", "--plot");
        if (positions != null) {
            expectNone("--positions", "--policies", "--set prompt", "--plot");
            modelOptions.requireCpu("with --positions, which measures the CPU");
        }
        options.check();
        long start = System.nanoTime();
        try (LanguageModelOptions.Measured model = modelOptions.openMeasured()) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            List<ExitPlan> plans = options.policies(model.exit());
            if (positions != null) {
                return options.measure(new ContextBenchmark(model, positions, formats(), tokens), FEWER_ROUNDS);
            }
            if (replies != null) {
                return options.measure(new BatchBenchmark(model, replies, plans, prompt, tokens), FEWER_ROUNDS);
            }
            DecodeSettings settings = new DecodeSettings(plans, prompt, tokens);
            return options.measure(new DecodeBenchmark(model, loadSeconds, settings), ROUNDS);
        }
    }

    private void expectNone(String option, String... others) {
        for (String other : others) {
            if (isGiven(other)) throw new IllegalArgumentException(other + ": expected without " + option);
        }
    }

    private List<KvFormat> formats() {
        return isGiven("--set kv") ? List.of(modelOptions.kv()) : List.of(KvFormat.values());
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }
}
