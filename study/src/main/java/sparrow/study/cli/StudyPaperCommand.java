package sparrow.study.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.study.paper.PaperStudy;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;

/** {@code sparrow study paper}: runs all experiments of the paper, and writes one page. */
@Command(
        name = "paper",
        description = "Repeat the paper's experiments, and write a page with a verdict on each claim. Run the "
                + "same command again to resume.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow study paper --items 20 --out paper/",
            "  sparrow study paper --model glm-4-voice/ --data alpaca:alpaca_eval.json \\",
            "      --data llama:llama.tsv,triviaqa:dev.jsonl,webquestions:test.json \\",
            "      --held-out voiceassistant:shard.parquet --out paper/"
        })
final class StudyPaperCommand implements Callable<Integer> {
    /** Path of the bundled model's questions in a checkout. */
    private static final Path BUNDLED = Path.of("testdata", "demo-eval");

    private static final List<String> BUNDLED_SETS = List.of(
            "folder:" + BUNDLED,
            "conversations:" + BUNDLED.resolve("system.jsonl"),
            "conversations:" + BUNDLED.resolve("typed.jsonl"),
            "conversations:" + BUNDLED.resolve("second.jsonl"));

    /** Ratio of the bundled model's questions to transcribed questions. */
    private static final int HEARD = 4;

    @Option(
            names = "--held-out",
            paramLabel = "SET",
            description = "Questions for choosing the exit layers by their scores, in the notation of --data. "
                    + "Default: the bundled model's, or none without scores.")
    private String heldOut;

    @Mixin
    private ScoringOptions scoringOptions;

    @Mixin
    private StudyOptions studyOptions;

    @Mixin
    private MixedNumericsOption mixedNumericsOption;

    @Mixin
    private WorkersOptions workersOptions;

    @Override
    public Integer call() throws IOException {
        Path out = studyOptions.outWithoutSettings();
        workersOptions.check(studyOptions.model(), out);
        boolean bundled = studyOptions.model().isBundled() && Files.isDirectory(BUNDLED);
        List<String> named = studyOptions.data(bundled ? BUNDLED_SETS : List.of());
        List<QuestionSet> sets = studyOptions.readSets(named);
        String chosenBy = heldOut == null && bundled ? "conversations:" + BUNDLED.resolve("held-out.jsonl") : heldOut;
        Optional<QuestionSet> heldOutSet = chosenBy == null
                ? Optional.empty()
                : Optional.of(studyOptions.readSets(List.of(chosenBy)).getFirst());
        // The recogniser takes longer than all other parts together.
        int transcribed = bundled ? Math.ceilDiv(sets.getFirst().items().size(), HEARD) : 0;
        try (Scorers scorers = scoringOptions.open(sets, named, workersOptions.isElsewhere(), transcribed);
                StudyOptions.Opened study =
                        studyOptions.open(sets, heldOutSet.stream().toList(), mixedNumericsOption.mixedNumerics());
                WorkerPool workers = workersOptions.open(studyOptions.model(), study.model())) {
            boolean unscored = scorers.plan().isEmpty();
            if (heldOut != null && unscored) {
                throw new IllegalArgumentException(
                        "--held-out: expected --asr, --judge or --mos, because scores choose the layers");
            }
            PaperStudy paper = new PaperStudy(
                    out,
                    study.setup(),
                    heldOutSet.filter(_ -> !unscored),
                    workers,
                    scorers,
                    study.origin(),
                    study.progress());
            PaperStudy.Outcome outcome = paper.run();
            int code = study.print(outcome.page(), PaperStudy.PAGE, outcome.counts());
            return Math.max(code, workersOptions.exitCode(workers));
        }
    }
}
