package sparrow.study.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.engine.exit.Speculation;
import sparrow.engine.head.DraftHead;
import sparrow.engine.interleave.Modality;
import sparrow.models.PolicyFile;
import sparrow.models.SpokenModel;
import sparrow.study.compare.CompareSetup;
import sparrow.study.report.Report;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;
import sparrow.study.tune.Budget;
import sparrow.study.tune.Candidates;
import sparrow.study.tune.TuneOutcome;
import sparrow.study.tune.TuneSetup;
import sparrow.study.tune.Tuning;

/** {@code sparrow study tune}: finds an exit policy within a quality budget. */
@Command(
        name = "tune",
        description = "Choose the exits that save the most depth within a quality budget. Writes "
                + "FOLDER/policy.json for ask --exit. Run the same command again to resume.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow study tune --budget wer=+2.0,agreement=95 \\",
            "      --data folder:testdata/demo-eval --out tuning/",
            "  sparrow study tune --budget exact --asr none \\",
            "      --data folder:testdata/demo-eval --out exact/",
            "  sparrow ask --exit tuning/policy.json examples/q01.wav"
        })
final class StudyTuneCommand implements Callable<Integer> {
    @Option(
            names = "--budget",
            required = true,
            paramLabel = "BOUNDS",
            description = "Budget: exact, or bounds such as wer=+2.0 (docs/commands.md#study-tune).")
    private String budget;

    @Option(
            names = "--schedules",
            split = ",",
            paramLabel = "S",
            description = "Schedules to try, such as even,conf,draft,FEEF.")
    private List<String> schedules;

    @Option(
            names = "--set drafts",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,2,3,4,6,8",
            description = "Numbers of consecutive drafts to try. Default: ${DEFAULT-VALUE}.")
    private List<Integer> drafts;

    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "L",
            description = "Exit layers to try. Default: all with a head.")
    private List<Integer> layers;

    @Option(
            names = "--set thresholds",
            split = ",",
            paramLabel = "NATS",
            defaultValue = "0.05,0.1,0.2,0.5,1.0",
            description = "Entropy thresholds to try for conf. Default: ${DEFAULT-VALUE}.")
    private List<Double> thresholds;

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
        Budget parsed = Budget.parse(budget);
        Path out = studyOptions.outWithoutSettings();
        workersOptions.check(studyOptions.model(), out);
        List<QuestionSet> sets = studyOptions.sets();
        try (Scorers scorers = scoringOptions.open(sets, studyOptions.data(), workersOptions.isElsewhere());
                StudyOptions.Opened study = studyOptions.open(sets, mixedNumericsOption.mixedNumerics());
                WorkerPool workers = workersOptions.open(studyOptions.model(), study.model())) {
            CompareSetup sweep = new CompareSetup(study.setup(), candidates(study.model(), parsed), 0);
            Budget bounds = parsed instanceof Budget.Exact
                    ? new Budget.Exact(
                            RowCost.measure(study.model().languageModel().transformer()))
                    : parsed;
            TuneSetup setup = new TuneSetup(sweep, bounds);
            TuneOutcome outcome = Tuning.run(out, setup, workers, scorers, study.origin(), study.progress());
            int code = study.print(outcome.report(), Report.PAGE, outcome.counts());
            Path file = out.resolve("policy.json");
            // Delete the file of an earlier budget, because there may be no candidate for this budget.
            Files.deleteIfExists(file);
            PolicyFile policy = Tuning.policyFile(file, setup, outcome, study.origin());
            policy.write();
            study.note(policy.plan() + " written to " + file);
            return Math.max(code, workersOptions.exitCode(workers));
        }
    }

    private List<String> schedules(Budget bounds, boolean draftHead) {
        if (schedules != null) return schedules;
        if (!(bounds instanceof Budget.Exact)) return List.of("even", "odd", "triple", "fixed", "conf");
        List<String> exact = List.of("draft", "even", "triple", "FEEE");
        return draftHead ? Stream.concat(Stream.of("speculate"), exact.stream()).toList() : exact;
    }

    private List<PolicyCase> candidates(SpokenModel model, Budget bounds) {
        TreeSet<Integer> exits =
                new TreeSet<>(layers == null ? model.languageModel().units().exitLayers(Modality.SPEECH) : layers);
        Optional<DraftHead> head = model.languageModel().heads().draft();
        int steps = head.map(DraftHead::trainedSteps).orElse(Speculation.MAX_DRAFTS);
        return Candidates.of(schedules(bounds, head.isPresent()), exits, thresholds, drafts, steps).stream()
                .map(plan -> TuneSetup.candidate(plan, bounds))
                .toList();
    }
}
