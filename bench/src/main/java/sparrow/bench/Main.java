package sparrow.bench;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs JMH with its usual arguments, then prints what the times mean: arithmetic and weight traffic per second.
 *
 * <pre>
 * mvn -q -pl bench -am package -DskipTests -Dbench="sparrow.bench.LinearBenchmark -p rows=1"
 * </pre>
 */
public final class Main {
    private Main() {}

    /** The arguments are JMH's: a pattern of benchmark names, -p, -f, -wi, -i and so on. */
    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        Collection<RunResult> results = new Runner(new CommandLineOptions(args)).run();
        print(results, System.out);
    }

    private static void print(Collection<RunResult> results, PrintStream out) {
        out.printf(
                "%nJDK %s, %d processors%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        out.printf(
                "%-10s %-12s %5s %-12s %14s %10s %8s%n", "kernels", "size", "rows", "weights", "ns", "GFLOP/s", "GB/s");
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            String name = params.getBenchmark();
            String size = params.getParam("size");
            String weights = params.getParam("weights");
            double products = (double) Integer.parseInt(size.substring(0, size.indexOf('x')))
                    * Integer.parseInt(size.substring(size.indexOf('x') + 1));
            double ns = result.getPrimaryResult().getScore();
            // Per nanosecond is giga per second. The weights are read once for all rows.
            out.printf(
                    Locale.ROOT,
                    "%-10s %-12s %5s %-12s %14.0f %10.2f %8.2f%n",
                    name.substring(name.lastIndexOf('.') + 1),
                    size,
                    params.getParam("rows"),
                    weights,
                    ns,
                    2 * products * Integer.parseInt(params.getParam("rows")) / ns,
                    products * (weights.startsWith("bf16") ? 2 : 4) / ns);
        }
    }
}
