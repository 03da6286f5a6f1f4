package sparrow.study.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.engine.exit.ExitPlan;
import sparrow.models.SpokenModel;
import sparrow.study.compare.CompareSetup;
import sparrow.study.compare.Comparison;
import sparrow.study.compare.Comparison.CompareOutcome;
import sparrow.study.compare.PaperPolicies;
import sparrow.study.report.Report;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;

/** {@code sparrow study compare}: reproduces the paper's Table 2. */
@Command(
        name = "compare",
        description = "Compare the answers, audio quality, depth and time of exit policies. Run the same "
                + "command again to resume.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow study compare --data folder:testdata/demo-eval --timing 10 \\",
            "      --asr sphinx:testdata/demo-eval/answers.txt --out out/",
            "  sparrow study compare --data folder:testdata/demo-eval --asr none \\",
            "      --policies even:12,fixed:12+copy --out out/"
        })
final class StudyCompareCommand implements Callable<Integer> {
    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "NAME",
            description = "Rows of the table: paper, S1 to S6, G1 to G10 or B1 to B15. Default without --policies: "
                    + "paper.")
    private List<String> rows;

    @Option(
            names = "--policies",
            split = ExitPlan.SEPARATOR,
            splitSynopsisLabel = ",",
            paramLabel = "EXIT",
            description = "Exit plans to compare; none is always included.")
    private List<ExitPlan> policies = List.of();

    @Mixin
    private ScoringOptions scoringOptions;

    @Option(names = "--timing", paramLabel = "N", description = "Time the first N questions in each row.")
    private int timing;

    @Option(
            names = "--set samples",
            paramLabel = "N",
            defaultValue = "2",
            description =
                    "Number of questions whose replies can be played in the report. Default: " + "${DEFAULT-VALUE}.")
    private int samples;

    @Mixin
    private StudyOptions studyOptions;

    @Mixin
    private MixedNumericsOption mixedNumericsOption;

    @Mixin
    private WorkersOptions workersOptions;

    @Override
    public Integer call() throws IOException {
        Path out = studyOptions.out();
        if (timing > 0 && workersOptions.isElsewhere()) {
            throw new IllegalArgumentException(
                    "--timing: expected without --on, because times on shared machines are meaningless;"
                            + " repeat the command without --on to time the stored questions");
        }
        workersOptions.check(studyOptions.model(), out);
        List<QuestionSet> sets = studyOptions.sets();
        try (Scorers scorers = scoringOptions.open(sets, studyOptions.data(), workersOptions.isElsewhere());
                StudyOptions.Opened study = studyOptions.open(sets, mixedNumericsOption.mixedNumerics());
                WorkerPool workers = workersOptions.open(studyOptions.model(), study.model())) {
            CompareSetup setup = new CompareSetup(study.setup(), rows(study.model()), timing);
            CompareOutcome outcome =
                    Comparison.run(out, setup, workers, scorers, study.origin(), samples, study.progress());
            int code = study.print(outcome.report(), Report.PAGE, outcome.counts());
            return Math.max(code, workersOptions.exitCode(workers));
        }
    }

    private List<PolicyCase> rows(SpokenModel model) {
        List<PolicyCase> all = new ArrayList<>();
        List<String> names = rows != null ? rows : policies.isEmpty() ? List.of("paper") : List.of();
        for (String name : names) {
            if (name.equals("paper")) all.addAll(PaperPolicies.of(model));
            else all.add(PaperPolicies.named(name).orElseThrow(() -> notARow(name)));
        }
        policies.forEach(plan -> all.add(new PolicyCase("", plan)));
        return all;
    }

    private static IllegalArgumentException notARow(String name) {
        return new IllegalArgumentException("--rows: expected paper, S1 to S6, G1 to G10 or B1 to B15, got " + name);
    }
}
