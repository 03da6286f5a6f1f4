package sparrow.bench.harness;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.Main;
import sparrow.app.Waiting;
import sparrow.app.report.JsonText;

/** Options of every benchmark of a model; a picocli mixin. */
public final class BenchOptions {
    @Option(
            names = "--rounds",
            paramLabel = "N",
            description =
                    "How often everything runs, in alternation. Default: decode 5, sessions and context 3, voice 1.")
    private Integer rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Wait at most this long for the JIT to compile everything; 0 does not wait."
                    + " Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(names = "--json", description = "Print one JSON object instead of tables.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** How often everything runs. */
    public int rounds(int otherwise) {
        return rounds == null ? otherwise : rounds;
    }

    /** At most so many seconds is the JIT waited for. */
    public double warmUp() {
        return warmUp;
    }

    /** Shows on the screen what is measured. */
    public static BenchProgress progress(Waiting waiting) {
        return new BenchProgress() {
            @Override
            public void begin(String run) {
                waiting.now(run);
            }

            @Override
            public void ended() {
                waiting.step();
            }
        };
    }

    /** The command line as it was typed. */
    public String command() {
        return "sparrow "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }

    /** Says that there is nothing to print; the exit code. */
    public int nothing() {
        spec.commandLine().getErr().println("sparrow: stopped before anything was measured");
        return Main.INTERRUPTED;
    }

    /** Prints a report as JSON or, by {@code table}, as a person reads it. */
    public <R> void print(R report, java.util.function.BiConsumer<R, PrintWriter> table) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) out.println(JsonText.of(report));
        else table.accept(report, out);
        out.flush();
    }
}
