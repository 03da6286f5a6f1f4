package sparrow.bench.jmh;

import java.util.SplittableRandom;
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
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;
import sparrow.tensor.kernel.KvPanels;

/** Measures attention for all heads of a layer, on all processors, over a short and a long context. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Benchmark)
public class AttentionBenchmark {
    /** The model that determines the head sizes. */
    @Param({"glm-4-voice", "step-audio-2-mini"})
    String model;

    /** Number of positions to which the last row attends. */
    @Param({"128", "1024"})
    int positions;

    /** Number of consecutive positions in the pass: a decoded token, optionally with two pending positions. */
    @Param({"1", "3"})
    int rows;

    /** Number format of keys and values. */
    @Param({"F32", "F16", "Q8"})
    KvFormat kv;

    private Kernels kernels;
    private Size size;
    private KvPanels cache;
    private Block queries;
    private Block mixed;

    /**
     * The attention heads of a layer.
     *
     * @param heads number of query heads
     * @param kvHeads number of key heads
     * @param headWidth number of channels per head
     */
    record Size(int heads, int kvHeads, int headWidth) {
        static Size of(String model) {
            return switch (model) {
                case "glm-4-voice" -> new Size(32, 2, 128);
                case "step-audio-2-mini" -> new Size(28, 4, 128);
                default ->
                    throw new IllegalArgumentException(
                            "model: expected glm-4-voice or step-audio-2-mini, got " + model);
            };
        }

        /** Returns the total number of channels of the query heads that share a key head. */
        int groupWidth() {
            return heads / kvHeads * headWidth;
        }
    }

    /** Fills the cache with keys and values. */
    @Setup
    public void open() {
        size = Size.of(model);
        kernels = Kernels.create(ComputePool.ofMachine()).withKvFormat(kv);
        cache = kernels.keyValues(size.kvHeads(), size.headWidth());
        SplittableRandom random = new SplittableRandom(1);
        int kvWidth = size.kvHeads() * size.headWidth();
        for (int p = 0; p < positions; p++) cache.append(numbers(random, kvWidth), 0, numbers(random, kvWidth), 0);
        int width = size.heads() * size.headWidth();
        queries = Block.of(numbers(random, rows * width), rows, width);
        mixed = Block.of(new float[rows * width], rows, width);
        check();
    }

    private static float[] numbers(SplittableRandom random, int n) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) numbers[i] = (float) random.nextDouble(-1, 1);
        return numbers;
    }

    /** Checks the result: softmax weights sum to 1, so outputs must be between the smallest and the largest value. */
    private void check() {
        float[] result = attend();
        float sum = 0;
        for (float value : result) {
            if (!(Math.abs(value) < 1)) {
                throw new IllegalStateException("expected values between -1 and 1, found " + value);
            }
            sum += Math.abs(value);
        }
        if (sum == 0) throw new IllegalStateException("expected values, found zeros");
    }

    /** Stops the compute threads. */
    @TearDown
    public void close() {
        kernels.pool().close();
    }

    /** Computes attention as the transformer does, with the key heads distributed over the threads. */
    @Benchmark
    public float[] attend() {
        int width = size.groupWidth();
        float scale = (float) (1 / Math.sqrt(size.headWidth()));
        kernels.pool().forEach(size.kvHeads(), head -> {
            int from = head * width;
            kernels.attend(
                    queries.columns(from, from + width),
                    cache,
                    head,
                    positions - rows,
                    scale,
                    mixed.columns(from, from + width));
        });
        return mixed.data();
    }
}
