package sparrow.train.optimiser;

import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Products of activations, computed on all threads. Every sum is computed by one thread in the order of its terms, and
 * the division into pieces depends only on the sizes. The results are therefore bit-identical for any number of
 * threads.
 */
public final class MatrixProducts {
    /** Number of rows or columns of a result that one piece computes. */
    private static final int PIECE = 64;

    private final Kernels kernels;

    public MatrixProducts(Kernels kernels) {
        this.kernels = kernels;
    }

    /** Computes {@code y = a b^T} for a [n, k], b [m, k] and y [n, m]. */
    public void timesTransposed(Block a, Block b, Block y) {
        pieces(b.rows(), (from, to) -> kernels.multiplyTransposed(a, b.rows(from, to), y.columns(from, to)));
    }

    /** Computes {@code y = a b} for a [n, m], b [m, k] and y [n, k]. */
    public void times(Block a, Block b, Block y) {
        pieces(b.columns(), (from, to) -> kernels.multiply(a, b.columns(from, to), y.columns(from, to)));
    }

    /** Computes {@code y = a^T b} for a [n, m], b [n, k] and y [m, k]. */
    public void transposedTimes(Block a, Block b, Block y) {
        pieces(a.columns(), (from, to) -> kernels.multiply(transposed(a.columns(from, to)), b, y.rows(from, to)));
    }

    private static Block transposed(Block a) {
        float[] values = new float[a.rows() * a.columns()];
        for (int r = 0; r < a.rows(); r++) {
            int row = a.offset() + r * a.stride();
            for (int c = 0; c < a.columns(); c++) values[c * a.rows() + r] = a.data()[row + c];
        }
        return Block.of(values, a.columns(), a.rows());
    }

    private interface Piece {
        void compute(int from, int to);
    }

    private void pieces(int n, Piece body) {
        kernels.pool()
                .forEach(
                        Math.ceilDiv(n, PIECE), piece -> body.compute(piece * PIECE, Math.min(n, (piece + 1) * PIECE)));
    }
}
