package sparrow.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.report.JsonText;
import sparrow.app.report.Machine;
import sparrow.app.sessionbench.SessionBenchmark;
import sparrow.app.sessionbench.SessionReport;
import sparrow.app.sessionbench.SessionSettings;
import sparrow.app.sessionbench.SessionTable;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.DepthPolicy;

/** The part of {@code sparrow bench} that measures replies that are decoded together; a picocli mixin. */
final class SessionBench {
    /** Options of the other parts, which would be passed over. */
    private static final List<String> OTHERS = List.of(
            "--voice", "--questions", "--speech", "--products", "--speech-logits", "--verify", "--plot", "--context");

    @Option(
            names = "--sessions",
            split = ",",
            paramLabel = "N",
            description = "Measure replies that are decoded together, so many at once, e.g. 1,2,4,8. --tokens are then"
                    + " passes, of text and speech.")
    private List<Integer> sessions;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The policies that are compared, for a model whose own one is given. */
    interface Policies {
        /** Two or more of them, or one. */
        List<DepthPolicy> of(DepthPolicy own, LanguageModel model) throws IOException;
    }

    /** Whether this part is asked for. */
    boolean isAsked() {
        return sessions != null;
    }

    /** @throws IllegalArgumentException in one line if an option of another part is given beside it */
    void check() {
        if (isAsked()) BenchCommand.refuse(spec, "--sessions", OTHERS);
    }

    /** Measures and prints; the exit code. */
    int run(
            LanguageModelOptions options,
            Policies policies,
            Integer rounds,
            int prompt,
            int tokens,
            double warmUp,
            String command,
            boolean json)
            throws IOException {
        try (LanguageModelOptions.Measured model = options.openMeasured()) {
            LanguageModel lm = model.languageModel();
            SessionSettings settings = new SessionSettings(
                    sessions, policies.of(model.speechExit(), lm), rounds == null ? 3 : rounds, prompt, tokens, warmUp);
            List<SessionReport.Row> rows;
            try (Waiting waiting = Waiting.begin("measuring", settings.runs())) {
                rows = SessionBenchmark.run(lm, settings, BenchCommand.progress(waiting));
            }
            boolean interrupted = Thread.interrupted();
            if (rows.isEmpty()) {
                spec.commandLine().getErr().println("sparrow: stopped before anything was measured");
                return Main.INTERRUPTED;
            }
            SessionReport report = new SessionReport(
                    command,
                    Machine.here(),
                    lm.transformer().kernels().pool().threads(),
                    lm.transformer().kernels().arithmetic(),
                    lm.transformer().stack().describe(),
                    model.name(),
                    model.file().toString(),
                    prompt,
                    tokens,
                    settings.rounds(),
                    rows);
            PrintWriter out = spec.commandLine().getOut();
            if (json) out.println(JsonText.of(report));
            else SessionTable.print(report, out);
            out.flush();
            return interrupted ? Main.INTERRUPTED : 0;
        }
    }
}
