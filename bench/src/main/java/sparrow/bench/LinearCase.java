package sparrow.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;

/** One linear layer on random numbers, on all processors; checked when it is made. */
final class LinearCase implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final Kernels kernels = Kernels.create(ComputePool.ofMachine());
    private final Weight weight;
    private final Block x;
    private final Block y;

    /**
     * @param size outputs x inputs, e.g. 4096x4096
     * @param weights f32-packed: as loaded for steady use; bf16-viewed: as a checkpoint's file holds it
     */
    LinearCase(String size, int rows, String weights) {
        int outputs = Integer.parseInt(size.substring(0, size.indexOf('x')));
        int inputs = Integer.parseInt(size.substring(size.indexOf('x') + 1));
        Matrix stored = matrix(weights.startsWith("bf16") ? DType.BF16 : DType.F32, outputs, inputs);
        weight = weights.endsWith("packed") ? kernels.pack(stored, arena) : kernels.view(stored);
        SplittableRandom random = new SplittableRandom(2);
        x = Block.of(new float[rows * inputs], rows, inputs);
        for (int i = 0; i < x.data().length; i++) x.data()[i] = (float) random.nextDouble(-1, 1);
        y = Block.of(new float[rows * outputs], rows, outputs);
        check(stored);
    }

    /** The operation that is timed. */
    float[] run() {
        kernels.linear(x, weight, null, y);
        return y.data();
    }

    @Override
    public void close() {
        kernels.pool().close();
        arena.close();
    }

    private Matrix matrix(DType type, int rows, int columns) {
        MemorySegment data = arena.allocate(type.bytes((long) rows * columns), 64);
        SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < (long) rows * columns; i++) {
            float value = (float) random.nextDouble(-1, 1);
            if (type == DType.F32) data.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
            else data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(value) >> 16));
        }
        return new Matrix(data, type, rows, columns);
    }

    /** First, middle and last output of the last row, in f64. */
    private void check(Matrix stored) {
        run();
        int row = x.rows() - 1;
        float[] w = new float[stored.columns()];
        for (int output : new int[] {0, stored.rows() / 2, stored.rows() - 1}) {
            stored.row(output, w, 0);
            double sum = 0;
            for (int c = 0; c < w.length; c++) sum += (double) x.data()[row * w.length + c] * w[c];
            double found = y.data()[row * stored.rows() + output];
            // n products below 1 in magnitude, rounded at most n times.
            if (!(Math.abs(found - sum) <= (double) w.length * w.length * 0x1p-24)) {
                throw new IllegalStateException("output " + output + ": expected " + sum + ", found " + found);
            }
        }
    }
}
