package sparrow.engine.kernel;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;

/**
 * Stored bf16 and f16 weights times a few rows, and several such products on one input as one parallel job. The weights
 * are read where they lie, once: up to three rows of activations are multiplied with a group of matrix rows at a time,
 * further ones while it is in the cache.
 */
final class Float16Linear {
    /** Matrix rows that are multiplied together; {@link Weight#ROW_GROUP} is a multiple, so that cuts change nothing. */
    private static final int GROUP = 4;

    /** Bytes of weights per piece of work: large against the handing out, small against a layer. */
    private static final long PIECE_BYTES = 256 << 10;

    private static final ThreadLocal<Float16Inputs> INPUTS = ThreadLocal.withInitial(Float16Inputs::new);
    /** Lanes of the sums of one group, for three rows. */
    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[3 * GROUP * Lanes.COUNT]);

    private Float16Linear() {}

    /** Whether a weight is of the kind that is multiplied here. */
    static boolean takes(Weight w) {
        return w instanceof StoredWeight(Matrix matrix)
                && (matrix.dtype() == DType.BF16 || matrix.dtype() == DType.F16);
    }

    /** All products of one input, of weights that {@link #takes} accepts. */
    static void linear(Block x, List<Product> products, ComputePool pool) {
        int[] ends = new int[products.size()];
        int pieces = 0;
        for (int i = 0; i < ends.length; i++) {
            Matrix w = matrix(products.get(i));
            pieces += Math.ceilDiv(w.rows(), rowsPerPiece(w));
            ends[i] = pieces;
        }
        Float16Inputs inputs = INPUTS.get();
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

    /** Where a matrix row begins, in bytes. The last group may lack rows: the matrix's last row stands in for them. */
    static long at(Matrix w, int row) {
        return Math.min(row, w.rows() - 1) * w.rowBytes();
    }

    /** A group of matrix rows, from {@code first} on, times every row of activations. */
    private static void group(Float16Inputs x, Matrix w, int first, Product product, float[] sums) {
        Block y = product.y();
        PlainFormat format = PlainFormat.of(w.dtype());
        int end = Math.min(w.rows(), first + GROUP);
        for (int r = 0; r < y.rows(); r += 3) {
            int rows = Math.min(3, y.rows() - r);
            switch (format) {
                case BF16 -> Bf16Dots.multiply(w, first, x, r, rows, sums);
                case F16 -> F16Dots.multiply(w, first, x, r, rows, sums);
                case F32 -> throw new IllegalArgumentException("matrix of " + format);
            }
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

    /** The products of the columns that fill no panel. */
    private static float unpaired(Float16Inputs x, int r, Matrix w, int row) {
        float sum = 0;
        for (int c = x.paired(); c < w.columns(); c++) {
            sum += x.values()[x.row(r) + c] * ScalarKernels.element(w, row, c);
        }
        return sum;
    }
}
