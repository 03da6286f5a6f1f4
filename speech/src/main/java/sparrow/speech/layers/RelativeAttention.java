package sparrow.speech.layers;

import java.util.Arrays;
import java.util.List;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Self-attention with relative positions (RelPositionMultiHeadedAttention): score(i, j) = ((q_i + u) k_j + (q_i + v)
 * p(i - j)) / sqrt(d) for the keys j that query i attends to. The official code computes positions for both directions
 * and shifts a padded matrix. Here, the table is ordered by distance, so the positions of a query are consecutive rows.
 */
public final class RelativeAttention {
    private final AttentionMask mask;
    private final TiledAttention attention;
    private final int width;
    private final Linear queries;
    private final Linear keys;
    private final Linear values;
    private final Linear distances;
    private final Linear out;

    /**
     * Reads {@code linear_q}, {@code linear_k}, {@code linear_v}, {@code linear_pos}, {@code linear_out}, and the
     * biases {@code pos_bias_u} and {@code pos_bias_v} [heads, width / heads].
     *
     * @param name module name
     * @param width row width; even, and a multiple of {@code heads}
     */
    public RelativeAttention(LayerReader reader, String name, int width, int heads, AttentionMask mask) {
        this.mask = mask;
        this.width = width;
        this.attention = new TiledAttention(reader.kernels(), heads, width / heads);
        this.queries = queries(reader, name, width, heads);
        this.keys = reader.linear(name + ".linear_k", width, width);
        this.values = reader.linear(name + ".linear_v", width, width);
        this.distances = reader.linearWithoutBias(name + ".linear_pos", width, width);
        this.out = reader.linear(name + ".linear_out", width, width);
    }

    /** Reads a layer that computes q + u and q + v with the same matrix and different biases. */
    private static Linear queries(LayerReader reader, String name, int width, int heads) {
        float[] u = reader.values(name + ".pos_bias_u", heads, width / heads);
        float[] v = reader.values(name + ".pos_bias_v", heads, width / heads);
        Linear queries = reader.stacked(List.of(name + ".linear_q", name + ".linear_q"), width, width, true);
        for (int c = 0; c < width; c++) {
            queries.bias()[c] += u[c];
            queries.bias()[width + c] += v[c];
        }
        return queries;
    }

    /**
     * Computes alternating sines and cosines of the distances query - key. Row r represents distance
     * {@code keys - 1 - r}; the last row represents the distance of the farthest look-ahead.
     *
     * @param queries number of new rows
     * @param keys total number of earlier and new rows
     * @return sinusoids, [keys + look-ahead, width]
     */
    public static Block positions(int queries, int keys, int width, AttentionMask mask) {
        int rows = keys + mask.blockRows(queries) - 1;
        float[] table = new float[rows * width];
        for (int m = 0; m < width / 2; m++) {
            double frequency = Math.exp(-2.0 * m * Math.log(10000) / width);
            for (int r = 0; r < rows; r++) {
                double angle = (keys - 1 - r) * frequency;
                table[r * width + 2 * m] = (float) Math.sin(angle);
                table[r * width + 2 * m + 1] = (float) Math.cos(angle);
            }
        }
        return Block.of(table, rows, width);
    }

    /**
     * Attends to the earlier rows and to x.
     *
     * @param x normalised rows, [rows, width]
     * @param positions result of {@link #positions} for the rows in {@code past} followed by these rows
     * @param past keys and values of earlier rows; the keys and values of x are added
     * @return attention output, [rows, width]
     */
    public Block attend(Block x, Block positions, KeyValues past) {
        past.append(keys.of(x), values.of(x));
        Block q = queries.of(x);
        Block p = distances.of(positions);
        Block mixed = Block.of(new float[x.rows() * width], x.rows(), width);
        var sequence = new TiledAttention.Sequence(q.columns(0, width), past.keys(), past.values(), mixed);
        Block shifted = q.columns(width, 2 * width);
        attention.attend(
                List.of(sequence),
                (head, first, scores) -> weigh(attention.head(shifted, head), attention.head(p, head), first, scores));
        return out.of(mixed);
    }

    /**
     * Adds the position scores to the scores of a tile and applies the softmax over the visible keys.
     *
     * @param queries q + v for all new rows of one head
     * @param p projected positions for one head
     */
    private void weigh(Block queries, Block p, int first, Block scores) {
        Kernels kernels = attention.kernels();
        int count = queries.rows();
        int keys = scores.columns();
        int end = first + scores.rows();
        // For query i, key 0 is at row count - 1 - i of the table, so the rows of the last query come first.
        Block tile = p.rows(count - end, Math.min(p.rows(), count - 1 - first + keys));
        Block byDistance = Block.of(new float[scores.rows() * tile.rows()], scores.rows(), tile.rows());
        kernels.multiplyTransposed(queries.rows(first, end), tile, byDistance);
        for (int i = first; i < end; i++) {
            int visible = mask.visible(keys - count + i, keys);
            int row = (i - first) * keys;
            int from = (i - first) * tile.rows() + end - 1 - i;
            kernels.addScaled(1, byDistance.data(), from, scores.data(), row, visible);
            kernels.softmax(scores.data(), row, visible, attention.scale());
            Arrays.fill(scores.data(), row + visible, row + keys, 0);
        }
    }
}
