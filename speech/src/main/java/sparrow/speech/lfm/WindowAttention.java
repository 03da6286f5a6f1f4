package sparrow.speech.lfm;

import java.util.Arrays;
import java.util.List;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * LFM2's causal attention to a window of the newest positions. Queries and keys are normalised separately for each
 * head, then rotated. Several query heads share one key and value head. If the checkpoint contains a gate (LFM3), the
 * output of each head is multiplied by the sigmoid of its gate.
 */
final class WindowAttention implements LfmLayer.Mixer {
    private final Kernels kernels;
    private final LfmConfig config;
    private final Linear queries;
    private final Linear keys;
    private final Linear values;
    private final Linear out;
    private final float[] queryNorm;
    private final float[] keyNorm;

    /** Gate projection, [heads, width], or null if there is none. */
    private final Linear gate;

    WindowAttention(LayerReader reader, String name, LfmConfig config) {
        this.kernels = reader.kernels();
        this.config = config;
        int width = config.width();
        int head = config.headWidth();
        queries = reader.linearWithoutBias(name + "q_proj", width, width);
        keys = reader.linearWithoutBias(name + "k_proj", config.keyHeads() * head, width);
        values = reader.linearWithoutBias(name + "v_proj", config.keyHeads() * head, width);
        out = reader.linearWithoutBias(name + "out_proj", width, width);
        queryNorm = reader.vector(name + "q_layernorm.weight", head);
        keyNorm = reader.vector(name + "k_layernorm.weight", head);
        gate = reader.checkpoint().has(name + "gate.weight")
                ? reader.linearWithoutBias(name + "gate", config.heads(), width)
                : null;
    }

    @Override
    public Sequence start() {
        return new Attended();
    }

    private final class Attended implements Sequence {
        private final int keyWidth = config.keyHeads() * config.headWidth();

        /** Newest keys and values, at most {@code window - 1} of each, [kept, keyWidth]. */
        private float[] keptKeys = {};

        private float[] keptValues = {};

        private long positions;

        @Override
        public Attended copy() {
            // The arrays can be shared because they are replaced, but never modified.
            Attended copy = new Attended();
            copy.keptKeys = keptKeys;
            copy.keptValues = keptValues;
            copy.positions = positions;
            return copy;
        }

        @Override
        public Block mix(Block x, Workspace workspace) {
            int rows = x.rows();
            int kept = keptKeys.length / keyWidth;
            Block q = workspace.take(rows, config.width());
            Block allKeys = workspace.take(kept + rows, keyWidth);
            Block allValues = workspace.take(kept + rows, keyWidth);
            System.arraycopy(keptKeys, 0, allKeys.data(), 0, keptKeys.length);
            System.arraycopy(keptValues, 0, allValues.data(), 0, keptValues.length);
            Block k = allKeys.rows(kept, kept + rows);
            Block v = allValues.rows(kept, kept + rows);
            kernels.linear(x, List.of(queries.product(q), keys.product(k), values.product(v)));
            normAndRotate(q, queryNorm);
            normAndRotate(k, keyNorm);

            Block mixed = workspace.take(rows, config.width());
            attend(q, allKeys, allValues, mixed);
            if (gate != null) multiplyByGates(mixed, gate.of(x, workspace), workspace);
            keep(allKeys, allValues);
            positions += rows;
            for (Block done : List.of(q, allKeys, allValues)) workspace.release(done);
            Block y = out.of(mixed, workspace);
            workspace.release(mixed);
            return y;
        }

        private void normAndRotate(Block x, float[] norm) {
            int head = config.headWidth();
            int heads = x.columns() / head;
            Block byHead = new Block(x.data(), x.offset(), head, x.rows() * heads, head);
            kernels.rmsNorm(byHead, norm, config.epsilon(), byHead);
            for (int r = 0; r < x.rows(); r++) {
                float[] angles = angles(positions + r);
                for (int h = 0; h < heads; h++) {
                    kernels.rotateHalves(x.data(), x.offset() + (r * heads + h) * head, head, angles);
                }
            }
        }

        private void keep(Block allKeys, Block allValues) {
            int from = Math.max(0, allKeys.rows() - (config.window() - 1)) * keyWidth;
            int to = allKeys.rows() * keyWidth;
            keptKeys = Arrays.copyOfRange(allKeys.data(), from, to);
            keptValues = Arrays.copyOfRange(allValues.data(), from, to);
        }
    }

    /** Multiplies each head by the sigmoid of its gate and releases the gates. */
    private void multiplyByGates(Block heads, Block gates, Workspace workspace) {
        int head = config.headWidth();
        for (int i = 0; i < gates.rows() * gates.columns(); i++) {
            float factor = (float) (1 / (1 + Math.exp(-gates.data()[i])));
            for (int c = i * head; c < (i + 1) * head; c++) heads.data()[c] *= factor;
        }
        workspace.release(gates);
    }

    /** Returns the angles with which {@link Kernels#rotateHalves} rotates a head to a position. */
    private float[] angles(long position) {
        int head = config.headWidth();
        float[] table = new float[2 * head];
        for (int j = 0; j < head / 2; j++) {
            double angle = position * Math.pow(config.ropeBase(), -2.0 * j / head);
            table[j] = (float) Math.cos(angle);
            table[head / 2 + j] = table[j];
            table[head + head / 2 + j] = (float) Math.sin(angle);
            table[head + j] = -table[head + head / 2 + j];
        }
        return table;
    }

    /** Runs all attention heads. Each query head is one piece of parallel work. */
    private void attend(Block q, Block keys, Block values, Block mixed) {
        int head = config.headWidth();
        int group = config.heads() / config.keyHeads();
        long work = 2L * q.rows() * keys.rows() * config.width();
        kernels.pool().forEach(config.heads(), work, h -> {
            int shared = h / group;
            Block scores = Block.of(new float[q.rows() * keys.rows()], q.rows(), keys.rows());
            kernels.multiplyTransposed(columns(q, h, head), columns(keys, shared, head), scores);
            for (int r = 0; r < q.rows(); r++) weigh(scores, r);
            kernels.multiply(scores, columns(values, shared, head), columns(mixed, h, head));
        });
    }

    private static Block columns(Block x, int head, int width) {
        return x.columns(head * width, (head + 1) * width);
    }

    /** Converts a row's scores to weights. Keys before the window and after the row get weight 0. */
    private void weigh(Block scores, int row) {
        int keys = scores.columns();
        int end = keys - scores.rows() + row + 1;
        int from = Math.max(0, end - config.window());
        int at = row * keys;
        kernels.softmax(scores.data(), at + from, end - from, (float) (1 / Math.sqrt(config.headWidth())));
        Arrays.fill(scores.data(), at, at + from, 0);
        Arrays.fill(scores.data(), at + end, at + keys, 0);
    }
}
