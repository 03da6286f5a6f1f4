package sparrow.speech.layers;

import sparrow.engine.kernel.Block;

/**
 * A convolution over time-first data as matrix products over overlapping rows. The input is copied between zero rows;
 * with a dilation d it is dealt out to d runs at the same time (row r to run r mod d), so that the taps of an output
 * are neighbours in its run.
 *
 * @param weights [out, kernel * in], tap by tap
 * @param in channels of the input
 * @param stride rows of input per row of output; 1 if there is a dilation
 * @param padding zero rows before and after the input
 */
public record Convolution(Linear weights, int in, int kernel, int stride, int dilation, int padding) {
    /** Output channels. */
    public int out() {
        return weights.weight().rows();
    }

    /** Output rows for so many input rows. */
    public int outRows(int rows) {
        return (rows + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    }

    /** x [rows, in] to a new [outRows, out]. */
    public Block of(Block x) {
        Block y = Block.of(new float[outRows(x.rows()) * out()], outRows(x.rows()), out());
        into(x, y);
        return y;
    }

    /**
     * x [rows, in] into y [outRows, out]. A y of fewer rows gets the first ones: with {@code kernel - 1} zero rows in
     * front, as many as x has (over the stride) make the convolution causal.
     */
    public void into(Block x, Block y) {
        product(spread(x), x.rows(), y);
    }

    /** x [rows, in] padded and dealt out, [dilation, runRows, in]; what {@link #product} reads. */
    public Block spread(Block x) {
        int runRows = runRows(x.rows());
        float[] spread = new float[dilation * runRows * in];
        for (int r = 0; r < x.rows(); r++) {
            int row = padding + r;
            int to = (row % dilation) * runRows + row / dilation;
            System.arraycopy(x.data(), x.offset() + r * x.stride(), spread, to * in, in);
        }
        return Block.of(spread, dilation * runRows, in);
    }

    /** The convolution of a spread input, which has {@code rows} rows without its padding, into y [outRows, out]. */
    public void product(Block spread, int rows, Block y) {
        int runRows = runRows(rows);
        for (int run = 0; run < Math.min(dilation, y.rows()); run++) {
            int count = Math.ceilDiv(y.rows() - run, dilation);
            Block windows = new Block(spread.data(), run * runRows * in, stride * in, count, kernel * in);
            Block to = new Block(y.data(), y.offset() + run * y.stride(), dilation * y.stride(), count, y.columns());
            weights.into(windows, to);
        }
    }

    private int runRows(int rows) {
        return Math.ceilDiv(rows + 2 * padding, dilation);
    }
}
