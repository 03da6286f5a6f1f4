package sparrow.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/** Linear layers with random weights, on all processors. The constructor checks their results. */
final class LinearCase implements AutoCloseable {
    /** Number of elements stored at a time. */
    private static final int PIECE = 1 << 16;

    private final Arena arena = Arena.ofShared();
    private final Kernels kernels = Kernels.create(ComputePool.ofMachine());
    private final List<Weight> weights = new ArrayList<>();
    private final Block x;
    private final Block y;
    private int next;

    LinearCase(LinearSize size, int rows, WeightFormat format) {
        Matrix first = matrix(format.type(), size.outputs(), size.inputs());
        for (int i = 0; i < size.matrices(); i++) weights.add(weight(i == 0 ? first : copy(first), format));
        SplittableRandom random = new SplittableRandom(2);
        x = Block.of(new float[rows * size.inputs()], rows, size.inputs());
        for (int i = 0; i < x.data().length; i++) x.data()[i] = (float) random.nextDouble(-1, 1);
        y = Block.of(new float[rows * size.outputs()], rows, size.outputs());
        check(first);
    }

    /** Multiplies the input by the least recently used matrix. This is the measured operation. */
    float[] run() {
        kernels.linear(x, weights.get(next), null, y);
        next = next + 1 == weights.size() ? 0 : next + 1;
        return y.data();
    }

    @Override
    public void close() {
        kernels.pool().close();
        arena.close();
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
        run();
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
