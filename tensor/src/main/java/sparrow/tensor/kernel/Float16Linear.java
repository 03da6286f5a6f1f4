package sparrow.tensor.kernel;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/**
 * Products of stored bf16 and f16 weights with a few rows of activations. Several products with the same input are one
 * parallel job. The weights are read once, in place: a group of matrix rows is multiplied by up to three rows of
 * activations at a time and stays in the cache for the remaining rows.
 */
final class Float16Linear {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Number of matrix rows multiplied together. {@link Weight#ROW_GROUP} is a multiple of this number, so slicing does
     * not change results.
     */
    private static final int GROUP = 4;

    /**
     * Number of weight bytes per piece of work. The number is large compared with the cost of distribution and small
     * compared with a layer.
     */
    private static final long PIECE_BYTES = 256 << 10;

    private static final ThreadLocal<Inputs> INPUTS = ThreadLocal.withInitial(Inputs::new);
    /** Lanes of the sums of one group, for up to three rows of activations. */
    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[3 * GROUP * Lanes.COUNT]);

    private Float16Linear() {}

    /** Returns whether a weight is stored as bf16 or f16. */
    static boolean accepts(Weight w) {
        return w instanceof StoredWeight(Matrix matrix)
                && (matrix.dtype() == DType.BF16 || matrix.dtype() == DType.F16);
    }

    /** Computes all products of one input. {@link #accepts} must return true for all weights. */
    static void linear(Block x, List<Product> products, ComputePool pool) {
        int[] ends = new int[products.size()];
        int pieces = 0;
        for (int i = 0; i < ends.length; i++) {
            Matrix w = matrix(products.get(i));
            pieces += Math.ceilDiv(w.rows(), rowsPerPiece(w));
            ends[i] = pieces;
        }
        Inputs inputs = INPUTS.get();
        inputs.set(x, pool);
        pool.forEach(pieces, piece -> {
            int i = 0;
            while (ends[i] <= piece) i++;
            Product product = products.get(i);
            Matrix w = matrix(product);
            int rows = rowsPerPiece(w);
            int first = (piece - (i == 0 ? 0 : ends[i - 1])) * rows;
            int end = Math.min(w.rows(), first + rows);
            float[] sums = SUMS.get();
            for (int row = first; row < end; row += GROUP) group(inputs, w, row, product, sums);
        });
    }

    private static Matrix matrix(Product product) {
        return ((StoredWeight) product.weight()).matrix();
    }

    private static int rowsPerPiece(Matrix w) {
        return GROUP * (int) Math.max(1, PIECE_BYTES / Math.max(1, GROUP * w.rowBytes()));
    }

    /**
     * Returns the byte offset of a matrix row. If the last group is incomplete, the matrix's last row replaces the
     * missing rows.
     */
    static long at(Matrix w, int row) {
        return Math.min(row, w.rows() - 1) * w.rowBytes();
    }

    /** Multiplies the group of matrix rows that begins at {@code first} by every row of activations. */
    private static void group(Inputs x, Matrix w, int first, Product product, float[] sums) {
        Block y = product.y();
        int end = Math.min(w.rows(), first + GROUP);
        for (int r = 0; r < y.rows(); r += 3) {
            int rows = Math.min(3, y.rows() - r);
            if (w.dtype() == DType.BF16) Bf16Dots.multiply(w, first, x, r, rows, sums);
            else F16Dots.multiply(w, first, x, r, rows, sums);
            for (int k = 0; k < rows; k++) {
                for (int row = first; row < end; row++) {
                    int lanes = (k * GROUP + row - first) * Lanes.COUNT;
                    float sum =
                            VectorMath.sum(FloatVector.fromArray(Lanes.F32, sums, lanes)) + unpaired(x, r + k, w, row);
                    y.data()[y.row(r + k) + row] = product.bias() == null ? sum : sum + product.bias()[row];
                }
            }
        }
    }

    /** Returns the sum of the products of the columns after the last complete panel. */
    private static float unpaired(Inputs x, int r, Matrix w, int row) {
        float sum = 0;
        for (int c = x.paired(); c < w.columns(); c++) {
            sum += x.values()[x.row(r) + c] * number(w, row, c);
        }
        return sum;
    }

    private static float number(Matrix w, int row, int column) {
        short bits = w.data().get(I16, row * w.rowBytes() + 2L * column);
        return w.dtype() == DType.BF16 ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat(bits);
    }

    /**
     * Rows of activations in the order in which they are multiplied. Within each panel, the even columns precede the
     * odd columns. Columns after the last complete panel remain in order. One thread sets new activations for each
     * product.
     */
    static final class Inputs {
        private static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(Lanes.F32, 0);
        private static final VectorShuffle<Float> ODD = VectorShuffle.makeUnzip(Lanes.F32, 1);

        private int stride;
        private int paired;
        private float[] values = new float[0];

        /** Returns the values of all rows without gaps between rows. */
        float[] values() {
            return values;
        }

        /** Returns the number of values from one row to the next. */
        int stride() {
            return stride;
        }

        /** Returns the number of columns in complete panels. Later columns are in their original order. */
        int paired() {
            return paired;
        }

        /** Returns the index of a row's first value. */
        int row(int r) {
            return r * stride;
        }

        /** Sets new activations, [rows, columns]. */
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
}
