package sparrow.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Rows of activations in the order in which {@link Bf16Dots} and {@link F16Dots} multiply with them: within each panel of
 * columns first the even ones, then the odd ones; what is left of a row stays as it is. One object serves one thread's
 * products in turn.
 */
final class Float16Inputs {
    private static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(Lanes.F32, 0);
    private static final VectorShuffle<Float> ODD = VectorShuffle.makeUnzip(Lanes.F32, 1);

    private int stride;
    private int paired;
    private float[] values = new float[0];

    /** The rows, one after the other. */
    float[] values() {
        return values;
    }

    /** Values from one row to the next. */
    int stride() {
        return stride;
    }

    /** Columns of a row that lie in panels; those from here on are in their own order. */
    int paired() {
        return paired;
    }

    /** Index of the first value of a row. */
    int row(int r) {
        return r * stride;
    }

    /** Takes new activations, [rows, columns]. */
    void set(Block x, ComputePool pool) {
        stride = x.columns();
        paired = stride - stride % Lanes.PANEL;
        int count = Math.multiplyExact(x.rows(), stride);
        if (values.length < count) values = new float[count];
        pool.forEach(x.rows(), count, r -> unzip(x.data(), x.row(r), row(r)));
    }

    private void unzip(float[] x, int from, int to) {
        for (int c = 0; c < paired; c += Lanes.PANEL) {
            FloatVector first = FloatVector.fromArray(Lanes.F32, x, from + c);
            FloatVector second = FloatVector.fromArray(Lanes.F32, x, from + c + Lanes.COUNT);
            first.rearrange(EVEN, second).intoArray(values, to + c);
            first.rearrange(ODD, second).intoArray(values, to + c + Lanes.COUNT);
        }
        System.arraycopy(x, from + paired, values, to + paired, stride - paired);
    }
}
