package sparrow.bench.voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.app.LanguageModelOptions;
import sparrow.app.Main;
import sparrow.app.ModelOptions;
import sparrow.app.OutputPath;
import sparrow.app.SkippedKvOption;
import sparrow.app.Waiting;
import sparrow.bench.harness.BenchOptions;
import sparrow.bench.harness.PolicyOptions;
import sparrow.engine.exit.Verification;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.unit.SpeechLogits;
import sparrow.models.SpokenModel;

/** {@code sparrow bench voice}: spoken answers to spoken questions, stage by stage. */
@Command(
        name = "voice",
        description = {
            "Measure the whole way from a spoken question to a spoken answer.",
            "Every stage (encode, prefill, decode, flow, vocoder) runs alone, with all threads: seconds for a second of"
                    + " question or speech, and operations and bytes of its matrix products by time, beside what the"
                    + " machine gives. Then whole answers, whose stages overlap. The questions are a synthetic sound, and"
                    + " the answers are given, not chosen."
        },
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
            description = "Lengths of the questions. Default: 5,15.")
    private List<Double> questions = List.of(5.0, 15.0);

    @Option(
            names = "--speech",
            paramLabel = "SECONDS",
            defaultValue = "6",
            description = "Length of the answers. Default: ${DEFAULT-VALUE}.")
    private double speech;

    @Mixin
    private PolicyOptions policies;

    @Option(
            names = "--speech-logits",
            paramLabel = "ROWS",
            description =
                    "Rows of the output matrix to compute at speech positions of full depth: all, or speech (those"
                            + " of speech and end tokens). Default: all.")
    private SpeechLogits speechLogits = SpeechLogits.ALL;

    @Mixin
    private SkippedKvOption baseline;

    @Option(
            names = "--verify",
            paramLabel = "VERIFICATION",
            description = "Verification of early tokens: none, measure, exact (as of sparrow ask). Default: exact for"
                    + " drafts, else none.")
    private Verification verification;

    @Option(
            names = "--products",
            paramLabel = "N",
            defaultValue = "0",
            description = "List the N sizes of matrix products that take longest in each stage, up to 10.")
    private int products;

    @Mixin
    private BenchOptions options;

    @Option(names = "--plot", paramLabel = "PNG", description = "Draw the stages as bars.")
    private Path plot;

    @Mixin
    private ModelOptions modelOptions;

    @Override
    public Integer call() throws IOException {
        if (plot != null && !plot.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException("--plot: expected a file name that ends with .png, got " + plot);
        }
        OutputPath.expectFile("--plot", plot);
        if (products < 0 || products > VoiceReport.LISTED) {
            throw new IllegalArgumentException("--products: expected 0 to " + VoiceReport.LISTED + ", got " + products);
        }
        long start = System.nanoTime();
        StageMeter meter = new StageMeter();
        try (LanguageModelOptions.Opened opened = modelOptions.open(kernels -> Kernels.metered(kernels, meter))) {
            SpokenModel model = opened.model();
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            VoiceSettings settings = new VoiceSettings(
                    policies.policies(model.defaultPlan().speech(), model.languageModel()),
                    speechLogits,
                    baseline.skippedKv(),
                    Optional.ofNullable(verification),
                    questions,
                    speech,
                    options.rounds(ROUNDS),
                    options.warmUp());
            VoiceBenchmark.Found found;
            try (Waiting waiting = Waiting.begin("measuring", VoiceBenchmark.runs(settings))) {
                found = VoiceBenchmark.run(model, meter, settings, BenchOptions.progress(waiting));
            }
            if (found.isEmpty()) return options.nothing();
            boolean interrupted = Thread.interrupted() || found.interrupted();
            VoiceReport report = VoiceReport.of(options.command(), model, loadSeconds, settings, found);
            options.print(report, (of, out) -> VoiceTable.print(of, products, out));
            if (plot != null) VoiceChart.write(report, plot);
            return interrupted ? Main.INTERRUPTED : 0;
        }
    }
}
