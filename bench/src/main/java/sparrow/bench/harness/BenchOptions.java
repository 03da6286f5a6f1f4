package sparrow.bench.harness;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.console.Interruption;
import sparrow.app.console.Waiting;
import sparrow.app.options.OutputPath;
import sparrow.app.report.ChartImage;
import sparrow.engine.exit.ExitPlan;
import sparrow.formats.AtomicFile;

/** A picocli mixin with the options of all model benchmarks. */
public final class BenchOptions {
    @Option(
            names = "--policies",
            split = ExitPlan.SEPARATOR,
            splitSynopsisLabel = ",",
            paramLabel = "EXIT",
            description = "Exit plans to compare, in the notation of ask --exit. Default: the model's.")
    private List<ExitPlan> policies;

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

    @Option(names = "--plot", paramLabel = "PNG", description = "Draw a bar chart of the results.")
    private Path plot;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /**
     * Checks that the files given by {@code --save} and {@code --plot} can be written, before the long measurement
     * starts.
     *
     * @throws IllegalArgumentException if a file cannot be written
     */
    public void check() {
        if (plot != null && !plot.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException("--plot: expected a file name that ends with .png, got " + plot);
        }
        OutputPath.expectFile("--plot", plot);
        OutputPath.expectFile("--save", save);
    }

    /**
     * Returns the exit plans to compare for a model.
     *
     * @param own plan recommended by the model
     */
    public List<ExitPlan> policies(ExitPlan own) {
        return policies == null ? List.of(own) : policies;
    }

    /**
     * Runs the benchmark, prints the report and draws the charts, even after Ctrl-C.
     *
     * @param otherwise default number of rounds
     * @return the exit code
     * @throws IllegalArgumentException if the number of rounds or the warm-up time is invalid
     * @throws IOException if a file cannot be written, or this JVM cannot draw charts
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
        if (plot != null) draw(benchmark.charts());
        return interrupted ? Interruption.EXIT_CODE : 0;
    }

    /** Writes the charts side by side. */
    void draw(List<CategoryChart> charts) throws IOException {
        AtomicFile.write(plot, ChartImage.png(charts, 1));
    }

    private String command() {
        return "sparrow "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }
}
