package sparrow.bench.decode;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.app.options.LanguageModelOptions;
import sparrow.bench.harness.BenchOptions;
import sparrow.bench.harness.PlotOption;
import sparrow.bench.harness.PolicyOptions;

/** {@code sparrow bench decode}: how fast a language model is, by exit policy and by kind of step. */
@Command(
        name = "decode",
        description = {
            "Measure prefill and decode speed of a language model, by exit policy and by kind of step.",
            "Policies alternate. Tokens are given, not chosen, so a model of random weights serves as well."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow bench decode --policies even:12,triple:12 --rounds 9 --plot speed.png",
            "  sparrow bench decode --model glm-4-voice.gguf \\",
            "      --policies even:36,none+speech-rows,even:36+speech-rows"
        })
public final class DecodeCommand implements Callable<Integer> {
    private static final int ROUNDS = 5;

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
            description = "Speech tokens to decode in each run. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Mixin
    private BenchOptions options;

    @Mixin
    private PlotOption plot;

    @Mixin
    private LanguageModelOptions modelOptions;

    @Override
    public Integer call() throws IOException {
        plot.check();
        options.check();
        long start = System.nanoTime();
        try (LanguageModelOptions.Measured model = modelOptions.openMeasured()) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            DecodeSettings settings = new DecodeSettings(policies.policies(model.exit()), prompt, tokens);
            DecodeBenchmark benchmark = new DecodeBenchmark(model, loadSeconds, settings);
            int code = options.measure(benchmark, ROUNDS);
            plot.draw(benchmark.charts());
            return code;
        }
    }
}
