package sparrow.engine.kernel;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;

/**
 * Stored bf16 and f16 weights times a few rows, and several such products on one input as one parallel job. The weights
 * are read where they lie, once: up to three rows of activations at a time are multiplied with a matrix row, further ones
 * while it is in the cache.
 */
final class HalfLinear {
    /** Bytes of weights per piece of work: large against the handing out, small against a layer. */
    private static final long PIECE_BYTES = 256 << 10;

    private static final ThreadLocal<HalfInputs> INPUTS = ThreadLocal.withInitial(HalfInputs::new);
    /** Lanes of the sums of three rows. */
    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[3 * Lanes.COUNT]);

    private HalfLinear() {}

    /** Whether a weight is of the kind that is multiplied here. */
    static boolean takes(Weight w) {
        return w instanceof StoredWeight(Matrix matrix)
                && (matrix.dtype() == DType.BF16 || matrix.dtype() == DType.F16);
    }

    /** All products of one input; {@link #takes} holds for their weights. */
    static void linear(Block x, List<Product> products, ComputePool pool) {
        int[] ends = new int[products.size()];
        int pieces = 0;
        for (int i = 0; i < ends.length; i++) {
            Matrix w = matrix(products.get(i));
            pieces += Math.ceilDiv(w.rows(), rowsPerPiece(w));
            ends[i] = pieces;
        }
        HalfInputs inputs = INPUTS.get();
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
            for (int output = first; output < end; output++) output(inputs, w, output, product, sums);
        });
    }

    private static Matrix matrix(Product product) {
        return ((StoredWeight) product.weight()).matrix();
    }

    private static int rowsPerPiece(Matrix w) {
        return (int) Math.max(1, PIECE_BYTES / Math.max(1, w.rowBytes()));
    }

    /** One column of y: a matrix row times every row of activations. */
    private static void output(HalfInputs x, Matrix w, int output, Product product, float[] sums) {
        Block y = product.y();
        float[] bias = product.bias();
        for (int r = 0; r < y.rows(); r += 3) {
            int rows = Math.min(3, y.rows() - r);
            HalfDots.multiply(w, output, x, r, rows, sums);
            for (int k = 0; k < rows; k++) {
                float sum = VectorMath.sum(FloatVector.fromArray(Lanes.F32, sums, k * Lanes.COUNT));
                for (int c = HalfDots.columns(w.columns()); c < w.columns(); c++) {
                    sum += x.values()[x.row(r + k) + c] * ScalarKernels.element(w, output, c);
                }
                y.data()[y.row(r + k) + output] = bias == null ? sum : sum + bias[output];
            }
        }
    }
}
