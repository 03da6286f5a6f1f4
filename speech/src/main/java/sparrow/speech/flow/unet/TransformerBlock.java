package sparrow.speech.flow.unet;

import java.util.ArrayList;
import java.util.List;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.TiledAttention;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/** A transformer block of the estimator. Every frame attends to all frames of its sequence. */
final class TransformerBlock {
    private final Kernels kernels;
    private final TiledAttention attention;
    private final Norm attentionNorm;
    private final Linear queriesKeysValues;
    private final Linear out;
    private final Norm feedNorm;
    private final Linear up;
    private final Linear down;

    TransformerBlock(LayerReader reader, String name, int channels, FlowConfig.Estimator config) {
        int inner = config.heads() * config.headWidth();
        this.kernels = reader.kernels();
        this.attention = new TiledAttention(reader.kernels(), config.heads(), config.headWidth());
        this.attentionNorm = reader.norm(name + ".norm1", channels);
        List<String> parts = List.of(name + ".attn1.to_q", name + ".attn1.to_k", name + ".attn1.to_v");
        this.queriesKeysValues = reader.stacked(parts, inner, channels, false);
        this.out = reader.linear(name + ".attn1.to_out.0", channels, inner);
        this.feedNorm = reader.norm(name + ".norm3", channels);
        this.up = reader.linear(name + ".ff.net.0.proj", 4 * channels, channels);
        this.down = reader.linear(name + ".ff.net.2", channels, 4 * channels);
    }

    /** Transforms x, [sequences, frames, channels], in place. */
    void run(Batch x, Workspace workspace) {
        Block rows = x.all();
        // Contains the input of a module first, and the module's output afterwards.
        Block change = attentionNorm.layers(rows, workspace);
        Block qkv = queriesKeysValues.of(change, workspace);
        Block mixed = workspace.take(qkv.rows(), qkv.columns() / 3);
        attend(qkv, x.frames(), mixed);
        out.into(mixed, change);
        kernels.addScaled(1, change, rows);
        workspace.release(qkv);
        workspace.release(mixed);
        feedNorm.layers(rows, change);
        Block hidden = up.of(change, workspace);
        kernels.apply(Activation.GELU, hidden);
        down.into(hidden, change);
        kernels.addScaled(1, change, rows);
        workspace.release(hidden);
        workspace.release(change);
    }

    private void attend(Block qkv, int frames, Block mixed) {
        int inner = mixed.columns();
        List<TiledAttention.Sequence> sequences = new ArrayList<>();
        for (int first = 0; first < qkv.rows(); first += frames) {
            Block rows = qkv.rows(first, first + frames);
            sequences.add(new TiledAttention.Sequence(
                    rows.columns(0, inner),
                    rows.columns(inner, 2 * inner),
                    rows.columns(2 * inner, 3 * inner),
                    mixed.rows(first, first + frames)));
        }
        attention.attend(sequences);
    }
}
