package sparrow.study.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.ModelOptions;
import sparrow.app.OutputPath;
import sparrow.app.TokenOptions;
import sparrow.models.SpokenModel;
import sparrow.study.compare.ScoringPlan;
import sparrow.study.layers.LayerReport;
import sparrow.study.layers.LayerSetup;
import sparrow.study.layers.LayerStudy;
import sparrow.study.layers.Lens;
import sparrow.study.mos.MosScorer;
import sparrow.study.mos.MosScorers;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.WorkerPool;

/** {@code sparrow study layers}: the paper's Table 1. */
@Command(
        name = "layers",
        description = {
            "Show what the layers below the last would have chosen, at every position of full-depth replies.",
            "Agreement with the last layer, the last layer's choice among the five likeliest tokens, entropy, divergence,"
                    + " and with --mos how each layer's own choices sound; by layer, modality and place in the chunk."
                    + " layers.html, layers.csv, places.csv, layers.json and pictures are written into the folder. After a stop"
                    + " or a kill the same command resumes."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow study layers --layers 6,8,10,12,14 --data folder:testdata/demo-eval --out out/",
            "  sparrow study layers --layers 3,7,11 --lens output --data folder:testdata/demo-eval --out out/",
            "  sparrow study layers --model glm-4-voice/ --heads heads/ --layers 16,21,26,31,36 --items 200 \\",
            "      --mos onnx:utmosv2.onnx --mos-items 50 --data llama:llama_questions.tsv --out out/"
        })
final class StudyLayersCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Folder of the study: a new or empty one, or that of a study to resume.")
    private Path out;

    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "LAYER",
            description = "Layers to read, from 1; the last one is always read. Default: those with an exit head.")
    private List<Integer> layers;

    @Option(
            names = "--lens",
            paramLabel = "LENS",
            defaultValue = "head",
            description = "What layers are read through: head (the exit head of each), or output (the model's own final"
                    + " norm and output matrix, for layers without one). Default: ${DEFAULT-VALUE}.")
    private Lens lens;

    @Mixin
    private StudyDataOptions dataOptions;

    @Option(
            names = "--mos",
            paramLabel = "SCORER",
            defaultValue = ScoringPlan.NONE,
            description =
                    "What predicts opinion scores of each layer's sound: dnsmos:FILE, onnx:FILE (such as an exported"
                            + " UTMOSv2), command:PROGRAM with {wav}, http://..., or none. This machine makes and"
                            + " scores those sounds, with --on too. Default: ${DEFAULT-VALUE}.")
    private String mos;

    @Option(
            names = "--mos-items",
            paramLabel = "N",
            description = "Score the sound of the first N replies only. Default: all.")
    private int mosItems;

    @Option(names = "--json", description = "Print the results as one JSON object instead of a table.")
    private boolean json;

    @Mixin
    private TokenOptions tokenOptions;

    @Mixin
    private MixedNumericsOption mixedNumericsOption;

    @Mixin
    private ModelOptions modelOptions = new ModelOptions();

    @Mixin
    private WorkersOptions workersOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OutputPath.expectFolder("--out", out);
        workersOptions.check(modelOptions, out);
        List<QuestionSet> sets = dataOptions.sets();
        try (ModelOptions.Opened opened = modelOptions.open();
                WorkerPool workers = workersOptions.open(modelOptions, opened.model())) {
            LayerSetup setup = setup(opened.model(), sets);
            print(
                    ScoringPlan.named(mos).isPresent()
                            ? listening(setup, workers)
                            : study(setup, workers, Optional.empty()));
            return workersOptions.exitCode(workers);
        }
    }

    private LayerSetup setup(SpokenModel model, List<QuestionSet> sets) {
        SortedSet<Integer> read = layers == null ? model.languageModel().heads().layers() : new TreeSet<>(layers);
        return new LayerSetup(
                model,
                read,
                lens,
                sets,
                dataOptions.textToSpeech(out),
                StudyDecoding.of(tokenOptions, model),
                dataOptions.batch(),
                mixedNumericsOption.mixedNumerics());
    }

    private LayerReport listening(LayerSetup setup, WorkerPool workers) throws IOException {
        try (MosScorer scorer = MosScorers.open(mos)) {
            return study(setup, workers, Optional.of(new LayerStudy.Listening(scorer, mosItems)));
        }
    }

    private LayerReport study(LayerSetup setup, WorkerPool workers, Optional<LayerStudy.Listening> listening)
            throws IOException {
        try (StudyProgress progress = new StudyProgress()) {
            return LayerStudy.run(out, setup, workers, listening, StudyOrigin.of(spec, setup.model()), progress);
        }
    }

    private void print(LayerReport report) {
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) stdout.print(report.json());
        else stdout.print(report.text() + "\n" + out.resolve("layers.html") + "\n");
        stdout.flush();
    }
}
