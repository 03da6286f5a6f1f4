package sparrow.bench.harness;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.console.Interruption;
import sparrow.app.console.Waiting;
import sparrow.app.options.OutputPath;
import sparrow.formats.AtomicFile;

/** A picocli mixin with the options of all model benchmarks. */
public final class BenchOptions {
    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Number of rounds. Default: 5 in decode (3 with --replies or --positions), 1 in voice.")
    private Integer rounds;

    @Option(
            names = "--set warm-up",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Maximum seconds to wait for the JIT compiler; 0 means none. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--save", paramLabel = "JSON", description = "Also write the JSON object to this file.")
    private Path save;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /**
     * Checks that the file given by {@code --save} can be written, before the long measurement starts.
     *
     * @throws IllegalArgumentException if the file cannot be written
     */
    public void check() {
        OutputPath.expectFile("--save", save);
    }

    /**
     * Runs the benchmark and prints the report, even after Ctrl-C.
     *
     * @param otherwise default number of rounds
     * @return the exit code
     * @throws IllegalArgumentException if the number of rounds or the warm-up time is invalid
     */
    public int measure(Benchmark benchmark, int otherwise) throws IOException {
        Rounds how = new Rounds(rounds == null ? otherwise : rounds, warmUp);
        boolean complete;
        try (Waiting waiting = Waiting.begin("measuring", how.runs(benchmark))) {
            complete = how.measure(benchmark, BenchProgress.on(waiting));
        }
        // The interrupt status is cleared because it would prevent writing.
        boolean interrupted = Thread.interrupted() || !complete;
        if (benchmark.isEmpty()) {
            spec.commandLine().getErr().println("sparrow: stopped before anything was measured");
            return Interruption.EXIT_CODE;
        }
        BenchReport report = new BenchReport(command(), how.count());
        report.value("rounds", how.count()).value("interrupted", interrupted);
        benchmark.report(report);
        if (interrupted) report.line("").line("interrupted: only earlier measurements are included");
        PrintWriter out = spec.commandLine().getOut();
        if (json) out.println(report.json());
        else report.print(out);
        out.flush();
        if (save != null) AtomicFile.write(save, report.json() + "\n");
        return interrupted ? Interruption.EXIT_CODE : 0;
    }

    private String command() {
        return "sparrow "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }
}
