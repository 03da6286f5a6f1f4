package sparrow.study.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.ModelOptions;
import sparrow.app.TokenOptions;
import sparrow.speech.vocode.FlowSettings;
import sparrow.study.compare.FlowComparison;
import sparrow.study.compare.Scorers;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.StudyQuestion;

/** {@code sparrow study flow}: what a flow that computes less costs. */
@Command(
        name = "flow",
        description = {
            "Find out what fewer steps and a shorter context of the flow cost.",
            "The model answers at full depth; every reply is spoken in blocks under each setting, from the same noise."
                    + " The table has the mean absolute difference of log mel spectra to the published settings' sound,"
                    + " word errors and opinion scores. It is printed at the end and nothing is kept."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = {
            "  sparrow study flow --data folder:testdata/demo-eval --contexts 5,3,2,1 --steps 8,6,5,4,3,2 \\",
            "      --asr sphinx:testdata/demo-eval/answers.txt --mos dnsmos:sig_bak_ovr.onnx --max-new-tokens 180"
        })
final class StudyFlowCommand implements Callable<Integer> {
    @Option(
            names = "--contexts",
            split = ",",
            paramLabel = "SECONDS",
            description = "Contexts to try, with the published number of steps.")
    private List<String> contexts = new ArrayList<>();

    @Option(
            names = "--steps",
            split = ",",
            paramLabel = "N",
            description = "Numbers of steps to try, with the published context.")
    private List<Integer> steps = new ArrayList<>();

    @Option(
            names = "--join",
            paramLabel = "N",
            defaultValue = "1",
            description = "Speak N replies as one, for a model whose answers are shorter than the contexts. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int joined;

    @Option(names = "--csv", description = "Print the table as CSV.")
    private boolean csv;

    @Mixin
    private StudyDataOptions dataOptions;

    @Mixin
    private ScoringOptions scoringOptions;

    @Mixin
    private TokenOptions tokenOptions;

    @Mixin
    private ModelOptions modelOptions = new ModelOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<FlowSettings> settings = settings();
        if (joined < 1) throw new IllegalArgumentException("--join: expected 1 or more, got " + joined);
        List<QuestionSet> sets = dataOptions.sets();
        try (Scorers scorers = scoringOptions.open(sets);
                ModelOptions.Opened opened = modelOptions.open();
                StudyProgress progress = new StudyProgress()) {
            FlowComparison comparison = new FlowComparison(
                    opened.model(),
                    StudyQuestion.of(sets),
                    dataOptions.textToSpeech(Path.of("")),
                    StudyDecoding.of(tokenOptions, opened.model()),
                    dataOptions.batch(),
                    joined,
                    scorers);
            print(comparison.run(settings, progress));
            return 0;
        }
    }

    private List<FlowSettings> settings() {
        List<FlowSettings> settings = new ArrayList<>();
        for (String context : contexts) {
            try {
                settings.add(new FlowSettings(FlowSettings.PUBLISHED.steps(), FlowSettings.context(context)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--contexts: " + e.getMessage());
            }
        }
        for (int count : steps) {
            if (count < 1 || count > FlowSettings.MOST_STEPS) {
                throw new IllegalArgumentException(
                        "--steps: expected 1 to " + FlowSettings.MOST_STEPS + ", got " + count);
            }
            settings.add(FlowSettings.PUBLISHED.withSteps(count));
        }
        return settings;
    }

    private void print(List<FlowComparison.Row> rows) {
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(
                csv
                        ? FlowComparison.table(rows).csv()
                        : FlowComparison.table(rows).text());
        stdout.flush();
    }
}
