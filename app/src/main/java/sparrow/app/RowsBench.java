package sparrow.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.bench.BenchProgress;
import sparrow.app.report.JsonText;
import sparrow.app.rowsbench.RowsBenchmark;
import sparrow.app.rowsbench.RowsReport;
import sparrow.app.rowsbench.RowsSettings;
import sparrow.app.rowsbench.RowsTable;

/** The part of {@code sparrow bench} that measures what rows cost; a picocli mixin. */
final class RowsBench {
    /** Options of the other parts, which would be passed over. */
    private static final List<String> OTHERS = List.of(
            "--voice",
            "--questions",
            "--speech",
            "--products",
            "--sessions",
            "--accept",
            "--context",
            "--policies",
            "--policy",
            "--speech-logits",
            "--skipped-kv",
            "--refresh",
            "--tokens",
            "--plot");

    private static final int ROUNDS = 7;

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "N",
            description =
                    "Measure passes of so many positions of one sequence through all layers, e.g. 1,2,3,4,6,8: the"
                            + " table r(n) of their time by that of one, and what the heads cost.")
    private List<Integer> rows;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Whether this part is asked for. */
    boolean isAsked() {
        return rows != null;
    }

    /** @throws IllegalArgumentException in one line if an option of another part is given */
    void check() {
        BenchCommand.refuse(spec, "--rows", OTHERS);
    }

    /** Measures and prints; the exit code. */
    int run(LanguageModelOptions options, Integer rounds, int prompt, double warmUp, String command, boolean json)
            throws IOException {
        RowsSettings settings = new RowsSettings(rows, rounds == null ? ROUNDS : rounds, prompt, warmUp);
        options.requireCpu("with --rows, which measures this machine's kernels");
        try (LanguageModelOptions.Measured model = options.openMeasured()) {
            Optional<RowsBenchmark.Found> found;
            try (Waiting waiting = Waiting.begin("measuring", settings.rounds())) {
                BenchProgress progress = BenchCommand.progress(waiting);
                found = RowsBenchmark.run(model.languageModel(), settings, progress);
            }
            boolean interrupted = Thread.interrupted();
            if (found.isEmpty()) {
                spec.commandLine().getErr().println("sparrow: stopped before anything was measured");
                return Main.INTERRUPTED;
            }
            RowsReport report = RowsReport.of(
                    new RowsReport.Origin(command, model.name(), model.file().toString()),
                    model.languageModel(),
                    settings,
                    found.get());
            PrintWriter out = spec.commandLine().getOut();
            if (json) out.println(JsonText.of(report));
            else RowsTable.print(report, out);
            out.flush();
            return interrupted ? Main.INTERRUPTED : 0;
        }
    }
}
