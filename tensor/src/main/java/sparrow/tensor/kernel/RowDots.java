package sparrow.tensor.kernel;

import jdk.incubator.vector.FloatVector;
import sparrow.tensor.Matrix;

/**
 * Multiplies a stored matrix of f32 or quantised numbers with a few rows; {@link Float16Linear} multiplies 16-bit ones.
 * Each matrix row is widened to f32 once, into a scratch row that stays in the first-level cache, and multiplied with
 * every row of activations. The file is read once for all rows, so additional rows cost little.
 */
final class RowDots {
    /** Number of matrix rows per piece of work. */
    private static final int ROWS = 16;

    private RowDots() {}

    static void linear(Block x, Matrix w, float[] bias, Block y, ComputePool pool) {
        pool.forEach(Math.ceilDiv(w.rows(), ROWS), piece -> {
            float[] row = new float[w.columns()];
            int end = Math.min(w.rows(), (piece + 1) * ROWS);
            for (int o = piece * ROWS; o < end; o++) {
                // Rows are widened one number at a time because the products take longer, and vector code would only
                // add to the JIT's work while a model is opened.
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
