package sparrow.speech.flow;

import java.util.List;
import sparrow.engine.kernel.Activation;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;

/** A transformer block of the estimator: every frame of a sequence sees all the others. */
final class TransformerBlock {
    /** Queries that attend together; bounds the scores of one piece of work to [QUERIES, frames]. */
    private static final int QUERIES = 192;

    private final Kernels kernels;
    private final FlowConfig.Estimator config;
    private final Norm attentionNorm;
    private final Linear queriesKeysValues;
    private final Linear out;
    private final Norm feedNorm;
    private final Linear up;
    private final Linear down;

    TransformerBlock(LayerReader reader, String name, int channels, FlowConfig.Estimator config) {
        int inner = config.heads() * config.headWidth();
        this.kernels = reader.kernels();
        this.config = config;
        this.attentionNorm = reader.norm(name + ".norm1", channels);
        List<String> parts = List.of(name + ".attn1.to_q", name + ".attn1.to_k", name + ".attn1.to_v");
        this.queriesKeysValues = reader.stacked(parts, inner, channels, false);
        this.out = reader.linear(name + ".attn1.to_out.0", channels, inner);
        this.feedNorm = reader.norm(name + ".norm3", channels);
        this.up = reader.linear(name + ".ff.net.0.proj", 4 * channels, channels);
        this.down = reader.linear(name + ".ff.net.2", channels, 4 * channels);
    }

    /** Transforms x in place. */
    void run(Batch x) {
        Block rows = x.all();
        add(out.of(attend(queriesKeysValues.of(attentionNorm.layers(rows)), x.sequences(), x.frames())), x);
        Block hidden = up.of(feedNorm.layers(rows));
        kernels.apply(Activation.GELU, hidden);
        add(down.of(hidden), x);
    }

    private void add(Block y, Batch x) {
        kernels.addScaled(1, y.data(), 0, x.data(), 0, x.data().length);
    }

    private Block attend(Block qkv, int sequences, int frames) {
        int inner = config.heads() * config.headWidth();
        Block mixed = Block.of(new float[qkv.rows() * inner], qkv.rows(), inner);
        int runs = Math.ceilDiv(frames, QUERIES);
        kernels.pool().forEach(sequences * config.heads() * runs, piece -> {
            int head = piece / runs % config.heads();
            int first = piece / runs / config.heads() * frames;
            Block sequence = qkv.rows(first, first + frames);
            int from = piece % runs * QUERIES;
            int to = Math.min(frames, from + QUERIES);
            head(sequence, head, from, to, mixed.rows(first + from, first + to));
        });
        return mixed;
    }

    private void head(Block qkv, int head, int from, int to, Block mixed) {
        int width = config.headWidth();
        int inner = config.heads() * width;
        int at = head * width;
        Block q = qkv.columns(at, at + width).rows(from, to);
        Block k = qkv.columns(inner + at, inner + at + width);
        Block v = qkv.columns(2 * inner + at, 2 * inner + at + width);
        Block scores = Block.of(new float[q.rows() * k.rows()], q.rows(), k.rows());
        kernels.multiplyTransposed(q, k, scores);
        float scale = (float) (1 / Math.sqrt(width));
        for (int i = 0; i < scores.rows(); i++) kernels.softmax(scores.data(), i * k.rows(), k.rows(), scale);
        kernels.multiply(scores, v, mixed.columns(at, at + width));
    }
}
