package sparrow.bench;

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
 * Linear layers of the bundled model, which stay in the cache, and of GLM-4-Voice, which come from memory: for one
 * decoded token, for one with one or two pending rows, and for a prefill.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Benchmark)
public class LinearBenchmark {
    /** Outputs x inputs. */
    @Param({"192x192", "384x192", "4096x4096", "13696x4096"})
    String size;

    /** Positions in the pass. */
    @Param({"1", "2", "3", "96"})
    int rows;

    /** How the weights lie in memory. */
    @Param({"f32-packed", "bf16-viewed"})
    String weights;

    private LinearCase linear;

    /** Makes and checks the layer. */
    @Setup
    public void open() {
        linear = new LinearCase(size, rows, weights);
    }

    /** Frees it. */
    @TearDown
    public void close() {
        linear.close();
    }

    /** The kernels that run. */
    @Benchmark
    public float[] vector() {
        return linear.run();
    }
}
