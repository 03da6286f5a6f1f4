package sparrow.speech.layers;

import java.util.Arrays;
import sparrow.tensor.kernel.Block;

/**
 * A convolution over time-first data, computed as matrix products over overlapping rows. Rows of zeros are added to a
 * copy of the input. With a dilation d, the copy is also divided into d runs (row r is in run r mod d), so that the
 * taps of an output are adjacent in its run.
 *
 * @param weights weights tap by tap, [out, kernel * in]
 * @param in number of input channels
 * @param stride number of input rows per output row; 1 if there is a dilation
 * @param padding number of zero rows before and after the input
 */
public record Convolution(Linear weights, int in, int kernel, int stride, int dilation, int padding) {
    /** Number of values copied by one piece of parallel work. */
    private static final int COPIED = 1 << 14;

    /** Returns the number of output channels. */
    public int out() {
        return weights.weight().rows();
    }

    /** Returns the number of output rows for the given number of input rows. */
    public int outRows(int rows) {
        return (rows + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    }

    /** Applies the convolution to x [rows, in] and returns a new block [outRows, out]. */
    public Block of(Block x) {
        return of(x, new Workspace());
    }

    /** Applies the convolution to x [rows, in]. The result [outRows, out] is taken from the workspace. */
    public Block of(Block x, Workspace workspace) {
        Block y = workspace.take(outRows(x.rows()), out());
        into(x, y, workspace);
        return y;
    }

    /**
     * Applies the convolution to x [rows, in] and writes the result to y [outRows, out]. If y has fewer rows, only the
     * first rows are computed. With {@code kernel - 1} rows of padding and a y of {@code rows / stride} rows, the
     * convolution is causal.
     */
    public void into(Block x, Block y) {
        into(x, y, new Workspace());
    }

    /** Does the same as {@link #into(Block, Block)}, with scratch memory from a workspace. */
    public void into(Block x, Block y, Workspace workspace) {
        Block spread = padding == 0 && dilation == 1 && x.stride() == in ? x : spread(x, workspace);
        product(spread, x.rows(), y);
        if (spread != x) workspace.release(spread);
    }

    /**
     * Pads x [rows, in] and divides it into runs, [dilation, runRows, in], as input for {@link #product}. The result is
     * taken from the workspace.
     */
    public Block spread(Block x, Workspace workspace) {
        int runRows = runRows(x.rows());
        Block spread = workspace.take(dilation * runRows, in);
        int rowsPerPiece = Math.max(1, COPIED / in);
        int rows = spread.rows();
        weights.kernels().pool().forEach(Math.ceilDiv(rows, rowsPerPiece), (long) rows * in, piece -> {
            int end = Math.min(rows, (piece + 1) * rowsPerPiece);
            for (int row = piece * rowsPerPiece; row < end; row++) {
                int to = ((row % dilation) * runRows + row / dilation) * in;
                int r = row - padding;
                if (r >= 0 && r < x.rows()) {
                    System.arraycopy(x.data(), x.offset() + r * x.stride(), spread.data(), to, in);
                } else {
                    Arrays.fill(spread.data(), to, to + in, 0);
                }
            }
        });
        return spread;
    }

    /**
     * Applies the convolution to a spread input that has {@code rows} rows without padding, and writes the result to y
     * [outRows, out].
     */
    public void product(Block spread, int rows, Block y) {
        int runRows = runRows(rows);
        int from = spread.offset();
        for (int run = 0; run < Math.min(dilation, y.rows()); run++) {
            int count = Math.ceilDiv(y.rows() - run, dilation);
            Block windows = new Block(spread.data(), from + run * runRows * in, stride * in, count, kernel * in);
            Block to = new Block(y.data(), y.offset() + run * y.stride(), dilation * y.stride(), count, y.columns());
            weights.into(windows, to);
        }
    }

    private int runRows(int rows) {
        return Math.ceilDiv(rows + 2 * padding, dilation);
    }
}
