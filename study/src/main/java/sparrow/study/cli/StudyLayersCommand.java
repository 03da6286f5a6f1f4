package sparrow.study.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.study.layers.LayerSetup;
import sparrow.study.layers.LayerStudy;
import sparrow.study.layers.Lens;
import sparrow.study.mos.MosScorer;
import sparrow.study.mos.MosScorers;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.ScoringPlan;

/** {@code sparrow study layers}: the paper's Table 1. */
@Command(
        name = "layers",
        description = {
            "Read the choices of the layers below the last, at every position of full-depth replies.",
            "Agreement with the last layer, the last layer's choice among the five likeliest tokens, entropy,"
                    + " divergence, and with --mos how each layer's own choices sound; by layer, modality and place in the"
                    + " chunk. report.html, report.json, layers.csv, places.csv and pictures are written into the folder."
                    + " After a stop or a kill the same command resumes."
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
            names = "--layers",
            split = ",",
            paramLabel = "LAYER",
            description = "Layers to read, from 1; the last one is always read. Default: those with an exit head.")
    private List<Integer> layers;

    @Option(
            names = "--lens",
            paramLabel = "LENS",
            defaultValue = "head",
            description =
                    "The lens that layers are read through: head (the exit head of each), or output (the model's own"
                            + " final norm and output matrix, for layers without one). Default: ${DEFAULT-VALUE}.")
    private Lens lens;

    @Option(
            names = "--mos",
            paramLabel = "SCORER",
            defaultValue = ScoringPlan.NONE,
            description = "The scorer that predicts opinions of each layer's sound: dnsmos:FILE, onnx:FILE (such as an"
                    + " exported UTMOSv2), command:PROGRAM with {wav}, http://..., or none. This machine makes and"
                    + " scores those sounds, with --on too. Default: ${DEFAULT-VALUE}.")
    private String mos;

    @Option(
            names = "--mos-items",
            paramLabel = "N",
            description = "Score the sound of the first N replies only. Default: all.")
    private int mosItems;

    @Mixin
    private StudyOptions studyOptions;

    @Mixin
    private MixedNumericsOption mixedNumericsOption;

    @Mixin
    private WorkersOptions workersOptions;

    @Override
    public Integer call() throws IOException {
        Path out = studyOptions.out();
        workersOptions.check(studyOptions.model(), out);
        List<QuestionSet> sets = studyOptions.sets();
        try (MosScorer scorer = ScoringPlan.named(mos).isPresent() ? MosScorers.open(mos) : null;
                StudyOptions.Opened study = studyOptions.open(sets, mixedNumericsOption.mixedNumerics());
                WorkerPool workers = workersOptions.open(studyOptions.model(), study.model())) {
            SortedSet<Integer> read =
                    layers == null ? study.model().languageModel().exitLayers() : new TreeSet<>(layers);
            Optional<LayerStudy.OpinionScoring> scoring =
                    Optional.ofNullable(scorer).map(open -> new LayerStudy.OpinionScoring(open, mosItems));
            LayerSetup setup = new LayerSetup(study.setup(), read, lens);
            study.print(LayerStudy.run(out, setup, workers, scoring, study.origin(), study.progress())
                    .report());
            return workersOptions.exitCode(workers);
        }
    }
}
