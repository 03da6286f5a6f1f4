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
            "Read the choices of lower layers at every position of full-depth replies.",
            "The same command resumes."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow study layers --data folder:testdata/demo-eval --out out/",
            "  sparrow study layers --layers 3,7,11 --lens output \\",
            "      --data folder:testdata/demo-eval --out out/"
        })
final class StudyLayersCommand implements Callable<Integer> {
    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "L",
            description = "Layers to read. Default: those with a head.")
    private List<Integer> layers;

    @Option(
            names = "--lens",
            paramLabel = "LENS",
            defaultValue = "head",
            description = "head, or output (the model's own norm and matrix). Default: ${DEFAULT-VALUE}.")
    private Lens lens;

    @Option(
            names = "--mos",
            paramLabel = "SCORER",
            defaultValue = ScoringPlan.NONE,
            description = "Scores of each layer's sound: dnsmos:FILE, onnx:FILE, command:PROGRAM, a URL or none."
                    + " Default: ${DEFAULT-VALUE}.")
    private String mos;

    @Option(
            names = "--set mos-items",
            paramLabel = "N",
            description = "Score the sound of the first N replies. Default: all.")
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
