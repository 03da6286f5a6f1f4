package sparrow.tensor.kernel;

import jdk.incubator.vector.FloatVector;
import sparrow.tensor.Matrix;

/**
 * A stored matrix of f32 or quantised numbers times a few rows; those of 16 bits are {@link Float16Linear}'s. Each matrix row
 * is widened to f32 once, into a scratch row that stays in the first-level cache, and multiplied with every row of
 * activations. The file's bytes are read once however many rows there are, which is what makes pending positions cheap.
 */
final class RowDots {
    /** Matrix rows per piece of work. */
    private static final int ROWS = 16;

    private RowDots() {}

    static void linear(Block x, Matrix w, float[] bias, Block y, ComputePool pool) {
        pool.forEach(Math.ceilDiv(w.rows(), ROWS), piece -> {
            float[] row = new float[w.columns()];
            int end = Math.min(w.rows(), (piece + 1) * ROWS);
            for (int o = piece * ROWS; o < end; o++) {
                // One number at a time: the products take longer, and vectors of 16-bit numbers would be one thing more
                // that the JIT has to compile before a model is open.
                w.row(o, row, 0);
                for (int r = 0; r < x.rows(); r++) {
                    float sum = dot(x.data(), x.row(r), row);
                    y.data()[y.row(r) + o] = bias == null ? sum : sum + bias[o];
                }
            }
        });
    }

    private static float dot(float[] x, int from, float[] row) {
        FloatVector even = FloatVector.zero(Lanes.F32);
        FloatVector odd = even;
        int c = 0;
        for (; c <= row.length - Lanes.PANEL; c += Lanes.PANEL) {
            even = FloatVector.fromArray(Lanes.F32, x, from + c).fma(FloatVector.fromArray(Lanes.F32, row, c), even);
            odd = FloatVector.fromArray(Lanes.F32, x, from + c + Lanes.COUNT)
                    .fma(FloatVector.fromArray(Lanes.F32, row, c + Lanes.COUNT), odd);
        }
        float sum = VectorMath.sum(even.add(odd));
        for (; c < row.length; c++) sum += x[from + c] * row[c];
        return sum;
    }
}
