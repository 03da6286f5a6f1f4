package sparrow.speech.layers;

import java.util.List;
import sparrow.engine.kernel.Block;

/**
 * A transposed convolution with stride s and kernel k, padded by (k - s) / 2: each input row becomes exactly s output
 * rows. Output row s*j + p (phase p) is a sum over the few input rows around j that the kernel reaches, so that
 * neighbouring phases with the same input rows are one matrix product; nothing is overlapped and added.
 *
 * @param phases the products; together they cover phases 0 to stride - 1
 */
public record Upsampling(List<Phases> phases, int in, int out, int stride) {
    /**
     * Phases with the same input rows.
     *
     * @param first the first of them
     * @param row input row of the first tap, relative to j
     * @param taps input rows that they read
     * @param weights [count * out, taps * in]
     */
    public record Phases(int first, int row, int taps, Linear weights) {}

    /** x [rows, in] to a new [rows * stride, out]. */
    public Block of(Block x) {
        int before = phases.stream().mapToInt(p -> -p.row()).max().orElse(0);
        before = Math.max(before, 0);
        int after = phases.stream().mapToInt(p -> p.row() + p.taps() - 1).max().orElse(0);
        float[] padded = new float[(before + x.rows() + Math.max(after, 0)) * in];
        for (int r = 0; r < x.rows(); r++) {
            System.arraycopy(x.data(), x.offset() + r * x.stride(), padded, (before + r) * in, in);
        }
        Block y = Block.of(new float[x.rows() * stride * out], x.rows(), stride * out);
        for (Phases p : phases) {
            int columns = p.weights().weight().rows();
            Block windows = new Block(padded, (before + p.row()) * in, in, x.rows(), p.taps() * in);
            p.weights().into(windows, y.columns(p.first() * out, p.first() * out + columns));
        }
        return Block.of(y.data(), x.rows() * stride, out);
    }
}
