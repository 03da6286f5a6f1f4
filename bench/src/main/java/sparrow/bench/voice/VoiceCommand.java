package sparrow.bench.voice;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.app.options.LanguageModelOptions;
import sparrow.app.options.ModelOptions;
import sparrow.bench.harness.BenchOptions;
import sparrow.models.SpokenModel;
import sparrow.tensor.kernel.Kernels;

/** {@code sparrow bench voice}: measures spoken answers to spoken questions, stage by stage. */
@Command(
        name = "voice",
        description = "Measure each stage from a spoken question to a spoken answer, then complete answers, "
                + "whose stages overlap. The questions are synthetic, and the tokens of the answers are "
                + "predetermined.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow bench voice",
            "  sparrow bench voice --model glm-4-voice/ --questions 5,15 --speech 6 --threads 2"
        })
public final class VoiceCommand implements Callable<Integer> {
    private static final int ROUNDS = 1;

    @Option(
            names = "--questions",
            split = ",",
            paramLabel = "SECONDS",
            description = "Durations of the questions in seconds. Default: 5,15.")
    private List<Double> questions = List.of(5.0, 15.0);

    @Option(
            names = "--speech",
            paramLabel = "SECONDS",
            defaultValue = "6",
            description = "Duration of the answers in seconds. Default: ${DEFAULT-VALUE}.")
    private double speech;

    @Option(
            names = "--set products",
            paramLabel = "N",
            defaultValue = "0",
            description = "List the N slowest matrix product sizes in each stage, up to 10.")
    private int products;

    @Mixin
    private BenchOptions options;

    @Mixin
    private ModelOptions modelOptions;

    @Override
    public Integer call() throws IOException {
        options.check();
        if (products < 0 || products > StageResult.LISTED) {
            throw new IllegalArgumentException(
                    "--set products: expected 0 to " + StageResult.LISTED + ", got " + products);
        }
        long start = System.nanoTime();
        StageMeter meter = new StageMeter();
        try (LanguageModelOptions.Opened opened = modelOptions.open(kernels -> Kernels.metered(kernels, meter))) {
            SpokenModel model = opened.model();
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            VoiceSettings settings = new VoiceSettings(options.policies(model.defaultPlan()), questions, speech);
            return options.measure(new VoiceBenchmark(model, loadSeconds, meter, settings, products), ROUNDS);
        }
    }
}
