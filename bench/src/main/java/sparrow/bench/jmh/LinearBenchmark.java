package sparrow.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * Measures linear layers with weights in the cache and in memory, for one to eight positions (a decoded token, a token
 * with pending positions, a small batch) and for a prefill, on all processors. With {@code -jvmArgsPrepend
 * -Dsparrow.kernels=scalar}, JMH measures the reference kernels.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Benchmark)
public class LinearBenchmark {
    /** Location of the weights; see {@link Size}. */
    @Param({"cache", "memory"})
    String from;

    /** Number of positions in the pass. */
    @Param({"1", "2", "3", "4", "5", "6", "7", "8", "96"})
    int rows;

    /** Format of the weights in memory; see {@link WeightFormat}. */
    @Param({"f32-packed", "f32-viewed", "bf16-viewed", "f16-viewed", "q8_0-packed", "q4_0-packed"})
    String weights;

    /** Number of elements stored at a time. */
    private static final int PIECE = 1 << 16;

    private final List<Weight> matrices = new ArrayList<>();
    private Arena arena;
    private Kernels kernels;
    private Block x;
    private Block y;
    private int next;

    /**
     * The format of the weights in memory.
     *
     * @param type type of the stored matrix
     * @param packed whether the kernels repack the matrix to their own layout, which is f32 panels or quantised groups
     *     of rows; otherwise, they read it as stored
     */
    record WeightFormat(DType type, boolean packed) {
        /** Parses the notation of benchmark parameters, such as {@code f32-packed} and {@code bf16-viewed}. */
        static WeightFormat of(String text) {
            int dash = text.indexOf('-');
            return new WeightFormat(
                    DType.valueOf(text.substring(0, dash).toUpperCase(Locale.ROOT)),
                    text.substring(dash + 1).equals("packed"));
        }

        /** Returns the size of a row in the kernels' layout, in bytes. */
        long rowBytes(int columns) {
            return packed && !type.isQuantised() ? DType.F32.bytes(columns) : type.bytes(columns);
        }
    }

    /**
     * The matrices, which are used in rotation.
     *
     * @param matrices number of matrices
     * @param outputs number of rows per matrix
     * @param inputs number of columns per matrix
     * @param rowBytes size of a row in bytes
     */
    record Size(int matrices, int outputs, int inputs, long rowBytes) {
        /** A size that fits in the second-level caches of current processors. */
        private static final long CACHE_BYTES = 1 << 20;

        /** A size larger than any cache. */
        private static final long MEMORY_BYTES = 512L << 20;

        /** A common multiple of the panel rows in all layouts. */
        private static final int PANEL = 64;

        /**
         * Returns the sizes for {@code cache}, one matrix of about 1 MiB, or for {@code memory}, 512 MiB of matrices
         * with GLM-4-Voice's width.
         */
        static Size of(String from, WeightFormat format) {
            return switch (from) {
                case "cache" -> {
                    long rowBytes = format.rowBytes(1024);
                    yield new Size(1, Math.toIntExact(CACHE_BYTES / rowBytes / PANEL * PANEL), 1024, rowBytes);
                }
                case "memory" -> {
                    long rowBytes = format.rowBytes(4096);
                    yield new Size(Math.toIntExact(Math.ceilDiv(MEMORY_BYTES, 4096 * rowBytes)), 4096, 4096, rowBytes);
                }
                default -> throw new IllegalArgumentException("from: expected cache or memory, got " + from);
            };
        }
    }

    /** Creates the layers with random weights, and checks their results. */
    @Setup
    public void open() {
        arena = Arena.ofShared();
        kernels = Kernels.create(ComputePool.ofMachine());
        WeightFormat format = WeightFormat.of(weights);
        Size size = Size.of(from, format);
        Matrix first = matrix(format.type(), size.outputs(), size.inputs());
        for (int i = 0; i < size.matrices(); i++) matrices.add(weight(i == 0 ? first : copy(first), format));
        SplittableRandom random = new SplittableRandom(2);
        x = Block.of(new float[rows * size.inputs()], rows, size.inputs());
        for (int i = 0; i < x.data().length; i++) x.data()[i] = (float) random.nextDouble(-1, 1);
        y = Block.of(new float[rows * size.outputs()], rows, size.outputs());
        check(first);
    }

    /** Frees the memory of the layers. */
    @TearDown
    public void close() {
        kernels.pool().close();
        arena.close();
    }

    /** Multiplies the input by the least recently used matrix, with the kernels used on this machine. */
    @Benchmark
    public float[] vector() {
        kernels.linear(x, matrices.get(next), null, y);
        next = next + 1 == matrices.size() ? 0 : next + 1;
        return y.data();
    }

    private Weight weight(Matrix stored, WeightFormat format) {
        return format.packed() ? kernels.pack(stored, arena) : kernels.view(stored);
    }

    /** Returns a copy of a matrix at another address. */
    private Matrix copy(Matrix matrix) {
        MemorySegment data = arena.allocate(matrix.data().byteSize(), 64);
        return new Matrix(data.copyFrom(matrix.data()), matrix.dtype(), matrix.rows(), matrix.columns());
    }

    private Matrix matrix(DType type, int rows, int columns) {
        MemorySegment data = arena.allocate(type.bytes((long) rows * columns), 64);
        SplittableRandom random = new SplittableRandom(1);
        if (type.isQuantised()) fillBlocks(type, data, random);
        else fill(type, data, (long) rows * columns, random);
        return new Matrix(data, type, rows, columns);
    }

    private static void fill(DType type, MemorySegment data, long n, SplittableRandom random) {
        for (long from = 0; from < n; from += PIECE) {
            float[] values = new float[(int) Math.min(PIECE, n - from)];
            for (int i = 0; i < values.length; i++) values[i] = (float) random.nextDouble(-1, 1);
            type.store(values, data.asSlice(type.bytes(from)));
        }
    }

    /**
     * Fills blocks with random bytes, and with scales that limit all elements to -1 to 1. K-quants have an additional
     * scale per group.
     */
    private static void fillBlocks(DType type, MemorySegment data, SplittableRandom random) {
        byte[] bytes = new byte[Math.toIntExact(data.byteSize())];
        random.nextBytes(bytes);
        MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
        short scale = Float.floatToFloat16(2f / type.steps() / (type.isWritable() ? 1 : 128));
        for (long at = 0; at < data.byteSize(); at += type.blockBytes()) {
            for (int place : type.factors()) data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + place, scale);
        }
    }

    /** Compares the first, middle and last output of the last row with f64 arithmetic. */
    private void check(Matrix stored) {
        vector();
        int row = x.rows() - 1;
        float[] w = new float[stored.columns()];
        for (int output : new int[] {0, stored.rows() / 2, stored.rows() - 1}) {
            stored.row(output, w, 0);
            double sum = 0;
            for (int c = 0; c < w.length; c++) sum += (double) x.data()[row * w.length + c] * w[c];
            double found = y.data()[row * stored.rows() + output];
            if (!(Math.abs(found - sum) <= tolerance(stored))) {
                throw new IllegalStateException("output " + output + ": expected " + sum + ", found " + found);
            }
        }
    }

    /**
     * Returns the error bound of a sum of n products below 1. The sum is rounded at most n times. Quantised kernels may
     * also round inputs to multiples of 1/127.
     */
    private static double tolerance(Matrix stored) {
        double n = stored.columns();
        double rounding = n * n * 0x1p-24;
        // Input errors of up to 1/254 each accumulate like a random walk. The bound is six standard deviations.
        return stored.dtype().isQuantised() ? rounding + 6 * Math.sqrt(n) / 254 : rounding;
    }
}
