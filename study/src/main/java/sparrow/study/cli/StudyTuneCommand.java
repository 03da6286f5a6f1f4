package sparrow.study.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.engine.interleave.Modality;
import sparrow.models.PolicyFile;
import sparrow.models.SpokenModel;
import sparrow.study.compare.CompareSetup;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;
import sparrow.study.tune.Budget;
import sparrow.study.tune.Candidates;
import sparrow.study.tune.TuneOutcome;
import sparrow.study.tune.TuneSetup;
import sparrow.study.tune.Tuning;

/** {@code sparrow study tune}: an exit policy under a budget of quality. */
@Command(
        name = "tune",
        description = {
            "Choose the exit policy that saves the most depth within a budget of quality, on held-out questions.",
            "Every schedule answers with every layer, and the confidence rule with every threshold. Of the policies"
                    + " that keep the budget, the one that saves the most layers at speech positions is written to"
                    + " policy.json in the folder, which ask --exit takes. The budget's qualities, in their order, break"
                    + " ties. After a stop or a kill the same command resumes; another budget chooses from the same"
                    + " answers.",
            "Under the budget exact, candidates are drafts and patterns whose early tokens are verified: all give the"
                    + " replies of full depth, and the one that reads the fewest layers a token is chosen."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow study tune --budget wer=+2.0,agreement=95 --data folder:testdata/demo-eval \\",
            "      --asr sphinx:testdata/demo-eval/answers.txt --out tuning/",
            "  sparrow study tune --schedules conf --thresholds 0.05,0.1,0.5 --budget accuracy=-1 --asr none \\",
            "      --data folder:testdata/demo-eval --out tuning/",
            "  sparrow study tune --budget exact --asr none --data folder:testdata/demo-eval --out exact/",
            "  sparrow ask --exit tuning/policy.json examples/q01.wav"
        })
final class StudyTuneCommand implements Callable<Integer> {
    @Option(
            names = "--budget",
            required = true,
            paramLabel = "BOUNDS",
            description = "exact: the replies of full depth, token for token. Or bounds of quality, such as"
                    + " wer=+2.0,mos=-0.1: wer (of the recognised speech, percent), mos, accuracy (of the text,"
                    + " percent), agreement (with full depth, percent of speech positions). With a sign: the"
                    + " largest difference from full depth. Without: the value itself.")
    private String budget;

    @Option(
            names = "--schedules",
            split = ",",
            paramLabel = "SCHEDULE",
            description = "Schedules to try: even, odd, triple, fixed, conf, draft, or patterns such as FEEF."
                    + " Default: even,odd,triple,fixed,conf; for exact, which knows no conf: draft,even,triple,FEEE.")
    private List<String> schedules;

    @Option(
            names = "--drafts",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,2,3,4,6,8",
            description = "Drafts in a row of draft to try. Default: ${DEFAULT-VALUE}.")
    private List<Integer> drafts;

    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "LAYER",
            description = "Exit layers to try. Default: those with an exit head.")
    private List<Integer> layers;

    @Option(
            names = "--thresholds",
            split = ",",
            paramLabel = "NATS",
            defaultValue = "0.05,0.1,0.2,0.5,1.0",
            description = "Entropy thresholds of conf to try. Default: ${DEFAULT-VALUE}.")
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
        Budget bounds = Budget.parse(budget);
        Path out = studyOptions.outWithoutSettings();
        workersOptions.check(studyOptions.model(), out);
        List<QuestionSet> sets = studyOptions.sets();
        try (Scorers scorers = scoringOptions.open(sets, workersOptions.isElsewhere());
                StudyOptions.Opened study = studyOptions.open(sets, mixedNumericsOption.mixedNumerics());
                WorkerPool workers = workersOptions.open(studyOptions.model(), study.model())) {
            CompareSetup sweep = new CompareSetup(study.setup(), candidates(study.model(), bounds), 0);
            TuneSetup setup = new TuneSetup(sweep, bounds);
            TuneOutcome outcome = Tuning.run(out, setup, workers, scorers, study.origin(), study.progress());
            study.print(outcome.report());
            Path file = out.resolve("policy.json");
            // That of another budget, where none keeps to this one.
            Files.deleteIfExists(file);
            PolicyFile policy = Tuning.policyFile(file, setup, outcome, study.origin());
            policy.write();
            study.note(policy.plan() + " written to " + file);
            return workersOptions.exitCode(workers);
        }
    }

    private List<String> schedules(Budget bounds) {
        if (schedules != null) return schedules;
        return bounds.equals(Budget.EXACT)
                ? List.of("draft", "even", "triple", "FEEE")
                : List.of("even", "odd", "triple", "fixed", "conf");
    }

    private List<PolicyCase> candidates(SpokenModel model, Budget bounds) {
        TreeSet<Integer> exits =
                new TreeSet<>(layers == null ? model.languageModel().units().exitLayers(Modality.SPEECH) : layers);
        return Candidates.of(schedules(bounds), exits, thresholds, drafts).stream()
                .map(policy -> TuneSetup.candidate(policy, bounds))
                .toList();
    }
}
