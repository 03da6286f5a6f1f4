package sparrow.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.draftbench.Acceptance;
import sparrow.app.draftbench.DraftBenchmark;
import sparrow.app.draftbench.DraftReport;
import sparrow.app.draftbench.DraftSettings;
import sparrow.app.draftbench.DraftTable;
import sparrow.app.report.JsonText;
import sparrow.engine.decode.SpeechLogits;
import sparrow.engine.exit.ExitPolicy;

/** The part of {@code sparrow bench} that measures drafting with verdicts that are drawn; a picocli mixin. */
final class AcceptBench {
    private static final List<String> OTHERS = List.of(
            "--voice",
            "--questions",
            "--speech",
            "--products",
            "--sessions",
            "--rows",
            "--context",
            "--policy",
            "--skipped-kv",
            "--refresh",
            "--plot");

    private static final int ROUNDS = 3;

    @Option(
            names = "--accept",
            split = ",",
            paramLabel = "SHARE",
            description =
                    "Measure --policies that draft, with given tokens, whose drafts are right so often, e.g. 0.9, or"
                            + " 0.65,0.6,0.55 for the first, second and further drafts of a row: speed against full depth beside"
                            + " what arithmetic expects.")
    private List<Double> accept;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Whether this part is asked for. */
    boolean isAsked() {
        return accept != null;
    }

    /** @throws IllegalArgumentException in one line if an option of another part is given, or one of this is missing */
    void check() {
        BenchCommand.refuse(spec, "--accept", OTHERS);
        if (!spec.commandLine().getParseResult().hasMatchedOption("--policies")) {
            throw new IllegalArgumentException(
                    "--accept: expected with --policies that draft, such as draft:14:3 or ahead:3");
        }
    }

    /** Measures and prints; the exit code. */
    int run(
            LanguageModelOptions options,
            List<ExitPolicy> policies,
            List<SpeechLogits> speechLogits,
            Integer rounds,
            int prompt,
            int tokens,
            double warmUp,
            String command,
            boolean json)
            throws IOException {
        if (speechLogits.size() > 1) {
            throw new IllegalArgumentException(
                    "--speech-logits: expected one with --accept, got " + speechLogits.size());
        }
        DraftSettings settings = new DraftSettings(
                policies,
                new Acceptance(accept),
                speechLogits.getFirst(),
                rounds == null ? ROUNDS : rounds,
                prompt,
                tokens,
                warmUp);
        try (LanguageModelOptions.Measured model = options.openMeasured()) {
            Optional<DraftReport> report;
            try (Waiting waiting = Waiting.begin("measuring", settings.runs())) {
                report = DraftBenchmark.run(
                        new DraftReport.Origin(
                                command, model.name(), model.file().toString()),
                        model.languageModel(),
                        settings,
                        BenchCommand.progress(waiting));
            }
            boolean interrupted = Thread.interrupted();
            if (report.isEmpty()) {
                spec.commandLine().getErr().println("sparrow: stopped before anything was measured");
                return Main.INTERRUPTED;
            }
            PrintWriter out = spec.commandLine().getOut();
            if (json) out.println(JsonText.of(report.get()));
            else DraftTable.print(report.get(), out);
            out.flush();
            return interrupted ? Main.INTERRUPTED : 0;
        }
    }
}
