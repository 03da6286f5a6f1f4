package sparrow.bench.decode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.app.LanguageModelOptions;
import sparrow.app.Main;
import sparrow.app.OutputPath;
import sparrow.app.SkippedKvOption;
import sparrow.app.Waiting;
import sparrow.app.report.JsonText;
import sparrow.bench.harness.BenchOptions;
import sparrow.bench.harness.PolicyOptions;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.Verification;
import sparrow.engine.unit.SpeechLogits;
import sparrow.engine.weights.AtomicFile;

/** {@code sparrow bench decode}: how fast a language model is, by exit policy and by kind of step. */
@Command(
        name = "decode",
        description = {
            "Measure prefill and decode speed of a language model.",
            "Every policy decodes once a round, so that a machine that slows down slows all of them. Figures are medians"
                    + " with quartiles; ratios compare neighbouring runs. The decoded tokens are given, not chosen:"
                    + " all policies run the same speech positions, and a model of random weights can be measured."
                    + " Logits and the greedy choice are computed all the same."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow bench decode",
            "  sparrow bench decode --policies none,even:12,triple:12 --rounds 9 --plot speed.png",
            "  sparrow bench decode --model glm-4-voice/ --heads heads/ --policies even:36 --threads 2 --json",
            "  sparrow bench decode --model glm-4-voice.gguf --policies even:36 --speech-logits all,speech"
        })
public final class DecodeCommand implements Callable<Integer> {
    private static final int ROUNDS = 5;

    @Mixin
    private PolicyOptions policies;

    @Option(
            names = "--speech-logits",
            split = ",",
            paramLabel = "ROWS",
            description = "Rows of the output matrix to compute at speech positions of full depth: all, speech (those"
                    + " of speech and end tokens), or all,speech: every policy with each, compared with none and the"
                    + " first. Default: all.")
    private List<SpeechLogits> speechLogits = List.of(SpeechLogits.ALL);

    @Mixin
    private SkippedKvOption baseline;

    @Option(
            names = "--verify",
            split = ",",
            paramLabel = "VERIFICATION",
            description =
                    "Verification of early tokens: none, measure, exact (as of sparrow ask), or several: every policy"
                            + " with each. Default: exact for drafts, else none.")
    private List<Verification> verifications = List.of();

    @Option(
            names = "--prompt",
            paramLabel = "N",
            defaultValue = "96",
            description = "Tokens to prefill before each run. Default: ${DEFAULT-VALUE}.")
    private int prompt;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "52",
            description =
                    "Tokens to decode in each run, at speech positions. Default: ${DEFAULT-VALUE}, whole chunks of"
                            + " the models known.")
    private int tokens;

    @Mixin
    private BenchOptions options;

    @Option(
            names = "--save",
            paramLabel = "JSON",
            description = "Write the object of --json to a file, beside what is printed.")
    private Path save;

    @Option(names = "--plot", paramLabel = "PNG", description = "Draw tokens per second and ratios as bars.")
    private Path plot;

    @Mixin
    private LanguageModelOptions modelOptions;

    @Override
    public Integer call() throws IOException {
        // Before anything is measured: minutes would be lost.
        if (plot != null && !plot.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException("--plot: expected a file name that ends with .png, got " + plot);
        }
        OutputPath.expectFile("--plot", plot);
        OutputPath.expectFile("--save", save);
        long start = System.nanoTime();
        try (LanguageModelOptions.Measured model = modelOptions.openMeasured()) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            LanguageModel lm = model.languageModel();
            BenchSettings settings = new BenchSettings(
                    policies.policies(model.speechExit(), lm),
                    speechLogits,
                    baseline.skippedKv(),
                    verifications,
                    options.rounds(ROUNDS),
                    prompt,
                    tokens,
                    options.warmUp());
            Measurements measured;
            try (Waiting waiting = Waiting.begin("measuring", Benchmark.runs(settings))) {
                measured = Benchmark.run(lm, settings, BenchOptions.progress(waiting));
            }
            if (measured.isEmpty()) return options.nothing();
            // Stopped by Ctrl-C: what was measured is still written, and writing must not be interrupted.
            boolean interrupted = Thread.interrupted() || measured.interrupted();
            BenchReport.Origin origin = new BenchReport.Origin(
                    options.command(), model.name(), model.file().toString(), loadSeconds);
            report(BenchReport.of(origin, lm, settings, measured));
            return interrupted ? Main.INTERRUPTED : 0;
        }
    }

    private void report(BenchReport report) throws IOException {
        options.print(report, BenchTable::print);
        if (save != null) AtomicFile.write(save, JsonText.of(report) + "\n");
        if (plot != null) BenchChart.write(report, plot);
    }
}
