package sparrow.train.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.options.ModelOptions;
import sparrow.app.options.OutputPath;
import sparrow.app.report.JsonText;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.models.SpokenModel;
import sparrow.study.cli.AllowMissingOption;
import sparrow.study.cli.MixedNumericsOption;
import sparrow.study.cli.ProgressBar;
import sparrow.study.cli.WorkersOptions;
import sparrow.study.data.Datasets;
import sparrow.study.report.StudyCounts;
import sparrow.study.run.WorkerPool;
import sparrow.study.speak.CommandTextToSpeech;
import sparrow.study.speak.TextToSpeech;
import sparrow.train.harvest.Harvest;
import sparrow.train.harvest.HarvestPrompt;
import sparrow.train.harvest.HarvestSettings;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.Targets;

/**
 * The command {@code sparrow heads harvest}, which records hidden states and last-layer distributions of a model's own
 * replies.
 */
@Command(
        name = "harvest",
        description = "Store the hidden states and last-layer distributions of a model's replies. Run the same "
                + "command again to resume.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow heads harvest --prompts questions.jsonl --layers 8,10,12 --out store/",
            "  sparrow heads harvest --model glm-4-voice/ --layers 36,37 --out store/ \\",
            "      --prompts voiceassistant:data/ --items 18000 --set targets=topk:64",
            "",
            "Each line of a prompt file is an object with speech \"codes\", the name of a",
            "WAV \"file\" in the same folder, or a typed \"question\"."
        })
final class HeadsHarvestCommand implements Callable<Integer> {
    @Option(
            names = "--prompts",
            required = true,
            paramLabel = "PATH",
            description = "Questions: a file of JSON lines, a folder of WAV files, or a data set of study compare, "
                    + "such as voiceassistant:DIR.")
    private String prompts;

    @Option(
            names = "--items",
            paramLabel = "N",
            description = "Use a random sample of N questions, which depends on --seed.")
    private int items = Integer.MAX_VALUE;

    @Option(
            names = "--speak",
            paramLabel = "COMMAND",
            description = "Command that speaks typed questions, such as \"espeak-ng -w {wav} {text}\".")
    private String speak;

    @Option(
            names = "--layers",
            required = true,
            split = ",",
            paramLabel = "LAYER",
            description = "Layers whose hidden states are stored, counted from 1.")
    private List<Integer> layers;

    @Option(
            names = "--set targets",
            paramLabel = "KIND",
            defaultValue = "exact",
            description = "What to store of the last layer's distribution: exact (the hidden state), or topk:K "
                    + "(the K likeliest tokens). Default: ${DEFAULT-VALUE}.")
    private Targets targets;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "New folder for the store, or a run to resume.")
    private Path out;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Maximum tokens per reply. Default: 2000, or fewer in studies of conversations.")
    private int newTokens;

    @Option(
            names = "--positions",
            paramLabel = "N",
            defaultValue = "9223372036854775807",
            showDefaultValue = Visibility.NEVER,
            description = "Stop after the batch that reaches N positions. Default: after all prompts.")
    private long positions;

    @Option(
            names = "--set batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Number of questions to answer together, which saves time. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed for the sample, for sampling and for speech synthesis. Default: 0.")
    private long seed;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private AllowMissingOption allowMissingOption;

    @Mixin
    private MixedNumericsOption mixedNumericsOption;

    @Mixin
    private ModelOptions modelOptions = new ModelOptions();

    @Mixin
    private WorkersOptions workersOptions;

    @Spec
    private CommandSpec spec;

    private record Report(
            String store,
            String model,
            int replies,
            int leftOut,
            long speechPositions,
            long textPositions,
            long bytes,
            double seconds) {}

    @Override
    public Integer call() throws IOException {
        OutputPath.expectFolder("--out", out);
        long start = System.nanoTime();
        List<HarvestPrompt> questions = questions();
        workersOptions.check(modelOptions, out);
        try (ModelOptions.Opened opened = modelOptions.open();
                WorkerPool workers = workersOptions.open(modelOptions, opened.model())) {
            StudyCounts counts = harvest(opened.model(), workers, questions);
            report(opened.model().name(), counts.unasked().size(), (System.nanoTime() - start) / 1e9);
            int code = allowMissingOption.exitCode(counts, out.resolve("store.json"));
            return Math.max(code, workersOptions.exitCode(workers));
        }
    }

    private List<HarvestPrompt> questions() throws IOException {
        if (items < 1) throw new IllegalArgumentException("--items: expected 1 or more, got " + items);
        if (!Datasets.isNamedBy(prompts)) {
            return HarvestPrompt.sample(HarvestPrompt.read(Path.of(prompts)).stream(), items, seed);
        }
        TextToSpeech speech =
                speak == null ? TextToSpeech.none() : CommandTextToSpeech.of(speak, out.resolve("questions"));
        return HarvestPrompt.sample(Datasets.open(prompts), speech, items, seed);
    }

    private StudyCounts harvest(SpokenModel model, WorkerPool workers, List<HarvestPrompt> questions)
            throws IOException {
        HarvestSettings settings = new HarvestSettings(layers, targets, sampling(model), newTokens, batch);
        try (ProgressBar progress = new ProgressBar()) {
            return new Harvest(model, workers, settings, questions)
                    .into(out, positions, mixedNumericsOption.mixedNumerics(), progress);
        }
    }

    private Sampling sampling(SpokenModel model) {
        Sampling own = model.defaultSampling();
        return new Sampling(own.temperature(), own.topK(), own.topP(), own.repetitionPenalty(), seed, own.codes());
    }

    private void report(String model, int leftOut, double seconds) throws IOException {
        Report report;
        try (HarvestStore store = HarvestStore.open(out)) {
            report = new Report(
                    out.toString(),
                    model,
                    store.size(),
                    leftOut,
                    store.positions(Modality.SPEECH),
                    store.positions(Modality.TEXT),
                    store.bytes(),
                    seconds);
        }
        PrintWriter terminal = spec.commandLine().getOut();
        if (json) {
            terminal.println(JsonText.of(report));
        } else {
            terminal.printf(
                    Locale.ROOT,
                    "%s: %,d replies of %s, %,d speech and %,d text positions, %,d bytes; %.0f s%n",
                    report.store(),
                    report.replies(),
                    report.model(),
                    report.speechPositions(),
                    report.textPositions(),
                    report.bytes(),
                    report.seconds());
        }
        terminal.flush();
    }
}
