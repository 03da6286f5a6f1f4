package sparrow.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.bench.BenchReport;
import sparrow.app.contextbench.ContextBenchmark;
import sparrow.app.contextbench.ContextReport;
import sparrow.app.contextbench.ContextSettings;
import sparrow.app.contextbench.ContextTable;
import sparrow.app.report.JsonText;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.kernel.KvFormat;

/** The part of {@code sparrow bench} that measures a token behind many positions; a picocli mixin. */
final class ContextBench {
    /** Options of the other parts, which would be passed over. */
    private static final List<String> OTHERS = List.of(
            "--voice",
            "--questions",
            "--speech",
            "--products",
            "--sessions",
            "--policies",
            "--policy",
            "--speech-logits",
            "--skipped-kv",
            "--verify",
            "--prompt",
            "--plot");

    private static final int ROUNDS = 3;

    @Option(
            names = "--context",
            split = ",",
            paramLabel = "N",
            description =
                    "Measure a token behind so many positions, e.g. 1000,4000,8000,16000: milliseconds, and bytes of"
                            + " keys and values read, with --kv f32, f16 and q8 unless one is given. The positions are thrown"
                            + " together, not prefilled.")
    private List<Integer> contexts;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Whether this part is asked for. */
    boolean isAsked() {
        return contexts != null;
    }

    /** @throws IllegalArgumentException in one line if an option of another part is given */
    void check() {
        BenchCommand.refuse(spec, "--context", OTHERS);
    }

    /** Measures and prints; the exit code. */
    int run(LanguageModelOptions options, Integer rounds, int tokens, double warmUp, String command, boolean json)
            throws IOException {
        options.requireCpu("with --context, which measures how this machine keeps keys and values");
        try (LanguageModelOptions.Measured model = options.openMeasured()) {
            LanguageModel lm = model.languageModel();
            boolean one = spec.commandLine().getParseResult().hasMatchedOption("--kv");
            ContextSettings settings = new ContextSettings(
                    contexts,
                    one ? List.of(lm.transformer().kernels().kvFormat()) : List.of(KvFormat.values()),
                    rounds == null ? ROUNDS : rounds,
                    tokens,
                    warmUp);
            List<ContextReport.Row> rows;
            try (Waiting waiting = Waiting.begin("measuring", settings.runs())) {
                rows = ContextBenchmark.run(lm, settings, BenchCommand.progress(waiting));
            }
            boolean interrupted = Thread.interrupted();
            if (rows.isEmpty()) {
                spec.commandLine().getErr().println("sparrow: stopped before anything was measured");
                return Main.INTERRUPTED;
            }
            ContextReport report = ContextReport.of(
                    new BenchReport.Origin(command, model.name(), model.file().toString(), 0), lm, settings, rows);
            PrintWriter out = spec.commandLine().getOut();
            if (json) out.println(JsonText.of(report));
            else ContextTable.print(report, out);
            out.flush();
            return interrupted ? Main.INTERRUPTED : 0;
        }
    }
}
