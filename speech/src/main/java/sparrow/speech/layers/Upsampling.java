package sparrow.speech.layers;

import java.util.Arrays;
import java.util.List;
import sparrow.tensor.kernel.Block;

/**
 * A transposed convolution with stride s, kernel size k and padding (k - s) / 2, which produces exactly s output rows
 * per input row. Output row s*j + p (phase p) is a sum over the few input rows around j that the kernel covers.
 * Adjacent phases with the same input rows are computed by one matrix product, so no overlapping results are added.
 *
 * @param phases products, which together cover phases 0 to {@code stride - 1}
 */
public record Upsampling(List<Phases> phases, int in, int out, int stride) {
    /**
     * Adjacent phases with the same input rows.
     *
     * @param first first phase
     * @param row input row of the first tap, relative to j
     * @param taps number of input rows
     * @param weights weights of the product, [count * out, taps * in]
     */
    public record Phases(int first, int row, int taps, Linear weights) {}

    /** Upsamples x [rows, in] and returns a new block [rows * stride, out]. */
    public Block of(Block x) {
        return of(x, new Workspace());
    }

    /** Upsamples x [rows, in]. The result [rows * stride, out] is taken from the workspace. */
    public Block of(Block x, Workspace workspace) {
        Block y = workspace.take(x.rows() * stride, out);
        into(x, y, workspace);
        return y;
    }

    /** Upsamples x [rows, in] and writes the result to y [rows * stride, out], whose rows must be contiguous. */
    public void into(Block x, Block y, Workspace workspace) {
        int before = phases.stream().mapToInt(p -> -p.row()).max().orElse(0);
        before = Math.max(before, 0);
        int after = phases.stream().mapToInt(p -> p.row() + p.taps() - 1).max().orElse(0);
        Block whole = workspace.take(before + x.rows() + Math.max(after, 0), in);
        float[] padded = whole.data();
        Arrays.fill(padded, 0, before * in, 0);
        Arrays.fill(padded, (before + x.rows()) * in, padded.length, 0);
        for (int r = 0; r < x.rows(); r++) {
            System.arraycopy(x.data(), x.offset() + r * x.stride(), padded, (before + r) * in, in);
        }
        Block phased = new Block(y.data(), y.offset(), stride * out, x.rows(), stride * out);
        for (Phases p : phases) {
            int columns = p.weights().weight().rows();
            Block windows = new Block(padded, (before + p.row()) * in, in, x.rows(), p.taps() * in);
            p.weights().into(windows, phased.columns(p.first() * out, p.first() * out + columns));
        }
        workspace.release(whole);
    }
}
