package sparrow.bench.jmh;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs JMH with its usual arguments, and then prints the resulting rates: operations per second, and GB/s of weights or
 * of keys and values.
 *
 * <pre>
 * mvn -q -pl bench -am package -DskipTests -Dbench="LinearBenchmark -p rows=1"
 * mvn -q -pl bench -am package -DskipTests -Dbench="AttentionBenchmark"
 * </pre>
 */
public final class Main {
    private Main() {}

    /**
     * The minimum work of a benchmark call.
     *
     * @param operations number of additions and multiplications
     * @param bytes size of the weights, or of the keys and values, each read once
     */
    private record Work(double operations, double bytes) {
        static Work of(BenchmarkParams params) {
            int rows = Integer.parseInt(params.getParam("rows"));
            if (params.getBenchmark().startsWith(AttentionBenchmark.class.getName())) {
                AttentionBenchmark.Size size = AttentionBenchmark.Size.of(params.getParam("model"));
                double perHead = Double.parseDouble(params.getParam("positions")) * size.headWidth();
                return new Work(2 * 2 * perHead * size.heads() * rows, 2 * perHead * size.kvHeads() * Float.BYTES);
            }
            LinearBenchmark.Size size = LinearBenchmark.Size.of(
                    params.getParam("from"), LinearBenchmark.WeightFormat.of(params.getParam("weights")));
            return new Work(2.0 * rows * size.outputs() * size.inputs(), (double) size.outputs() * size.rowBytes());
        }
    }

    /** Runs JMH with its arguments: a pattern of benchmark names, -p, -f, -wi, -i and others. */
    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        Collection<RunResult> results = new Runner(new CommandLineOptions(args)).run();
        print(results, System.out);
    }

    private static void print(Collection<RunResult> results, PrintStream out) {
        out.printf(
                "%nJDK %s, %d processors%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        out.printf("%-34s %-52s %14s %10s %8s%n", "benchmark", "of", "ns", "GFLOP/s", "GB/s");
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            String name = params.getBenchmark();
            Work work = Work.of(params);
            double ns = result.getPrimaryResult().getScore();
            // One operation or byte per nanosecond is 10^9 per second.
            out.printf(
                    Locale.ROOT,
                    "%-34s %-52s %14.0f %10.2f %8.2f%n",
                    name.substring("sparrow.bench.jmh.".length()),
                    params.getParamsKeys().stream()
                            .map(key -> key + "=" + params.getParam(key))
                            .collect(Collectors.joining(" ")),
                    ns,
                    work.operations() / ns,
                    work.bytes() / ns);
        }
    }
}
