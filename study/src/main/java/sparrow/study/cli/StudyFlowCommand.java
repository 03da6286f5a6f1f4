package sparrow.study.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.speech.vocode.FlowSettings;
import sparrow.study.compare.FlowComparison;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.report.Report;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunStoppedException;
import sparrow.study.scoring.Scorers;

/** {@code sparrow study flow}: measures the effect of reduced computation in a flow. */
@Command(
        name = "flow",
        description = "Measure how fewer steps and a shorter context of the flow affect the audio. Each "
                + "full-depth reply is synthesised with each setting, from the same noise. A stopped study "
                + "saves nothing.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = {
            "  sparrow study flow --data folder:testdata/demo-eval --contexts 5,3,2,1 \\",
            "      --flows steps:5,fast --asr none --max-new-tokens 180 --out flow/"
        })
final class StudyFlowCommand implements Callable<Integer> {
    @Option(
            names = "--contexts",
            split = ",",
            paramLabel = "SECONDS",
            description = "Contexts to try, with the model's steps.")
    private List<String> contexts = new ArrayList<>();

    @Option(
            names = "--flows",
            split = ",",
            paramLabel = "SCHEDULE",
            description = "Schedules to try, in the notation of --set flow, with the model's context.")
    private List<FlowSchedule> flows = new ArrayList<>();

    @Option(
            names = "--set join",
            paramLabel = "N",
            defaultValue = "1",
            description = "Join N replies into one, for answers that are shorter than the contexts. Default: "
                    + "${DEFAULT-VALUE}.")
    private int joined;

    @Option(
            names = "--set seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Synthesise each reply from N different noises. Default: ${DEFAULT-VALUE}.")
    private int seeds;

    @Mixin
    private SpeechScoringOptions speechScoringOptions;

    @Mixin
    private StudyOptions studyOptions;

    @Override
    public Integer call() throws IOException {
        Path out = studyOptions.outWithoutSettings();
        List<FlowSettings> settings = settings(studyOptions.model().flow());
        if (joined < 1) throw new IllegalArgumentException("--set join: expected 1 or more, got " + joined);
        if (seeds < 1) throw new IllegalArgumentException("--set seeds: expected 1 or more, got " + seeds);
        List<QuestionSet> sets = studyOptions.sets();
        try (Scorers scorers = speechScoringOptions.open(studyOptions.data());
                StudyOptions.Opened study = studyOptions.open(sets, MixedNumerics.REFUSED)) {
            FlowComparison comparison = new FlowComparison(study.setup(), joined, seeds, scorers);
            FlowComparison.Outcome outcome = comparison.run(settings, study.progress());
            Report report = comparison.report(outcome, study.origin());
            report.write(out);
            return study.print(report, Report.PAGE, outcome.counts());
        } catch (RunStoppedException e) {
            throw new InterruptedIOException("stopped by the user; nothing was saved");
        }
    }

    /**
     * Returns the settings to compare.
     *
     * @param own settings of the model, from which each variant differs in one property
     */
    private List<FlowSettings> settings(FlowSettings own) {
        List<FlowSettings> settings = new ArrayList<>();
        for (String context : contexts) {
            try {
                settings.add(new FlowSettings(own.schedule(), FlowSettings.context(context)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--contexts: " + e.getMessage());
            }
        }
        for (FlowSchedule flow : flows) settings.add(own.with(flow));
        return settings;
    }
}
