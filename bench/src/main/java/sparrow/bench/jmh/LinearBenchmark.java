package sparrow.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures linear layers with weights in the cache and in memory, for one to eight positions (a decoded token, a token
 * with pending positions, a small batch) and for a prefill.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Benchmark)
public class LinearBenchmark {
    /** Location of the weights; see {@link LinearSize}. */
    @Param({"cache", "memory"})
    String from;

    /** Number of positions in the pass. */
    @Param({"1", "2", "3", "4", "5", "6", "7", "8", "96"})
    int rows;

    /** Format of the weights in memory; see {@link WeightFormat}. */
    @Param({"f32-packed", "f32-viewed", "bf16-viewed", "f16-viewed", "q8_0-packed", "q4_0-packed"})
    String weights;

    private LinearCase linear;

    /** Creates and checks the layers. */
    @Setup
    public void open() {
        WeightFormat format = WeightFormat.of(weights);
        linear = new LinearCase(LinearSize.of(from, format), rows, format);
    }

    /** Frees the memory of the layers. */
    @TearDown
    public void close() {
        linear.close();
    }

    /** Runs the kernels used on this machine. */
    @Benchmark
    public float[] vector() {
        return linear.run();
    }
}
