package sparrow.speech.flow;

import java.util.Arrays;
import java.util.List;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;

/**
 * Self-attention with relative positions and a block mask: score(i, j) = ((q_i + u) k_j + (q_i + v) p(i - j)) / sqrt(d)
 * for j up to the end of i's block. The official code builds positions for both directions and shifts a padded matrix;
 * here the table runs from the oldest distance to the newest, so that a query's positions are one run of it.
 */
final class RelativeAttention {
    private final FlowConfig.Encoder config;
    private final Linear queries;
    private final Linear keys;
    private final Linear values;
    private final Linear distances;
    private final Linear out;

    private RelativeAttention(FlowConfig.Encoder config, List<Linear> parts, Linear out) {
        this.config = config;
        this.queries = parts.get(0);
        this.keys = parts.get(1);
        this.values = parts.get(2);
        this.distances = parts.get(3);
        this.out = out;
    }

    static RelativeAttention load(LayerReader reader, String name, FlowConfig.Encoder config) {
        int width = config.width();
        Linear plain = reader.linear(name + ".linear_q", width, width);
        // q + u beside q + v: the same matrix twice, each with its bias.
        float[] u = reader.values(name + ".pos_bias_u", config.heads(), width / config.heads());
        float[] v = reader.values(name + ".pos_bias_v", config.heads(), width / config.heads());
        Linear queries = reader.stacked(List.of(name + ".linear_q", name + ".linear_q"), width, width, true);
        for (int c = 0; c < width; c++) {
            queries.bias()[c] = plain.bias()[c] + u[c];
            queries.bias()[width + c] = plain.bias()[c] + v[c];
        }
        List<Linear> parts = List.of(
                queries,
                reader.linear(name + ".linear_k", width, width),
                reader.linear(name + ".linear_v", width, width),
                reader.linearWithoutBias(name + ".linear_pos", width, width));
        return new RelativeAttention(config, parts, reader.linear(name + ".linear_out", width, width));
    }

    /**
     * Sinusoids of the distances query - key that n codes need: row r is distance n - 1 - r, down to the look-ahead of
     * a block. [n + blockCodes - 1, width], sine and cosine by turns.
     */
    static Block positions(int n, FlowConfig.Encoder config) {
        int rows = n + config.blockCodes() - 1;
        int width = config.width();
        float[] table = new float[rows * width];
        for (int m = 0; m < width / 2; m++) {
            double frequency = Math.exp(-2.0 * m * Math.log(10000) / width);
            for (int r = 0; r < rows; r++) {
                double angle = (n - 1 - r) * frequency;
                table[r * width + 2 * m] = (float) Math.sin(angle);
                table[r * width + 2 * m + 1] = (float) Math.cos(angle);
            }
        }
        return Block.of(table, rows, width);
    }

    /** x [codes, width], already normed, to [codes, width]. */
    Block attend(Block x, Block positions) {
        Kernels kernels = out.kernels();
        Block q = queries.of(x);
        Block k = keys.of(x);
        Block v = values.of(x);
        Block p = distances.of(positions);
        Block mixed = Block.of(new float[x.rows() * config.width()], x.rows(), config.width());
        kernels.pool().forEach(config.heads(), h -> head(kernels, h, q, k, v, p, mixed));
        return out.of(mixed);
    }

    private void head(Kernels kernels, int head, Block q, Block k, Block v, Block p, Block mixed) {
        int n = q.rows();
        int headWidth = config.width() / config.heads();
        int from = head * headWidth;
        int to = from + headWidth;
        Block scores = Block.of(new float[n * n], n, n);
        kernels.multiplyTransposed(q.columns(from, to), k.columns(from, to), scores);
        Block byDistance = Block.of(new float[n * p.rows()], n, p.rows());
        Block shifted = q.columns(config.width() + from, config.width() + to);
        kernels.multiplyTransposed(shifted, p.columns(from, to), byDistance);
        float scale = (float) (1 / Math.sqrt(headWidth));
        for (int i = 0; i < n; i++) {
            int seen = Math.min(n, (i / config.blockCodes() + 1) * config.blockCodes());
            int row = i * n;
            kernels.addScaled(1, byDistance.data(), i * p.rows() + n - 1 - i, scores.data(), row, seen);
            kernels.softmax(scores.data(), row, seen, scale);
            Arrays.fill(scores.data(), row + seen, row + n, 0);
        }
        kernels.multiply(scores, v.columns(from, to), mixed.columns(from, to));
    }
}
