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
import sparrow.study.layers.LayerReport;
import sparrow.study.layers.LayerSetup;
import sparrow.study.layers.LayerStudy;
import sparrow.study.layers.Lens;
import sparrow.study.report.Report;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;

/** {@code sparrow study layers}: reproduces the paper's Table 1. */
@Command(
        name = "layers",
        description = "Record what lower layers would choose at each position of full-depth replies. Run the "
                + "same command again to resume.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow study layers --data folder:testdata/demo-eval --out out/",
            "  sparrow study layers --layers 3,7,11 --lens output \\",
            "      --data folder:testdata/demo-eval --out out/"
        })
final class StudyLayersCommand implements Callable<Integer> {
    /** Number of replies whose layers can be played in the report. */
    private static final int SAMPLES = 2;

    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "L",
            description = "Layers to record. Default: all layers with a head.")
    private List<Integer> layers;

    @Option(
            names = "--lens",
            paramLabel = "LENS",
            defaultValue = "head",
            description = "Predict with head, or with output (the model's own norm and output matrix). Default: "
                    + "${DEFAULT-VALUE}.")
    private Lens lens;

    @Option(
            names = "--asr",
            paramLabel = "RECOGNISER",
            defaultValue = ScoringPlan.NONE,
            description = "Recogniser for each layer's audio: sphinx[:FILE], whisper:FILE, openai:MODEL[@URL] or "
                    + "none. Default: ${DEFAULT-VALUE}.")
    private String asr;

    @Option(
            names = "--mos",
            paramLabel = "SCORER",
            defaultValue = ScoringPlan.NONE,
            description = "Opinion scorer for each layer's audio: dnsmos:FILE, onnx:FILE, command:PROGRAM, a URL "
                    + "or none. Default: ${DEFAULT-VALUE}.")
    private String mos;

    @Option(names = "--keep-layers", description = "Keep each layer's audio, even without --asr and --mos.")
    private boolean keepLayers;

    @Option(
            names = "--set sound-items",
            paramLabel = "N",
            description = "Synthesise the layers' audio for the first N replies. Default: all replies.")
    private int soundItems;

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
        ScoringPlan plan = new ScoringPlan(asr, 0, mos, ScoringPlan.NONE);
        try (Scorers scorers =
                        Scorers.open(plan, List.of(), Runtime.getRuntime().availableProcessors());
                StudyOptions.Opened study = studyOptions.open(sets, mixedNumericsOption.mixedNumerics());
                WorkerPool workers = workersOptions.open(studyOptions.model(), study.model())) {
            SortedSet<Integer> read =
                    layers == null ? study.model().languageModel().exitLayers() : new TreeSet<>(layers);
            boolean heard = keepLayers
                    || plan.recogniser().isPresent()
                    || plan.opinionScorer().isPresent();
            Optional<LayerStudy.Sounds> sounds =
                    heard ? Optional.of(new LayerStudy.Sounds(scorers, soundItems, SAMPLES)) : Optional.empty();
            LayerSetup setup = new LayerSetup(study.setup(), read, lens);
            LayerReport report = LayerStudy.run(out, setup, workers, sounds, study.origin(), study.progress());
            int code = study.print(report.report(), Report.PAGE, report.counts());
            return Math.max(code, workersOptions.exitCode(workers));
        }
    }
}
