package sparrow.speech.encode;

import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;

/** One pre-norm Whisper encoder layer with block-causal attention. */
final class EncoderLayer {
    private static final float EPSILON = 1e-5f;

    private final Kernels kernels;
    private final int width;
    private final int ffnWidth;
    private final BlockCausalAttention attention;
    private final Norm attentionNorm;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear out;
    private final Norm ffnNorm;
    private final Linear widen;
    private final Linear narrow;

    /** The layer that the file counts as {@code index}, from 0. */
    EncoderLayer(WhisperVqConfig config, EncoderWeights weights, int index, Kernels kernels) {
        this.kernels = kernels;
        width = config.width();
        ffnWidth = config.ffnWidth();
        attention = new BlockCausalAttention(config, kernels);
        String name = "layers." + index + ".";
        attentionNorm = norm(weights, name + "self_attn_layer_norm");
        query = linear(weights, name + "self_attn.q_proj", width, width);
        // Whisper's keys have no bias: it would add the same to all scores of a query.
        key = new Linear(weights.matrix(name + "self_attn.k_proj.weight", width, width), null);
        value = linear(weights, name + "self_attn.v_proj", width, width);
        out = linear(weights, name + "self_attn.out_proj", width, width);
        ffnNorm = norm(weights, name + "final_layer_norm");
        widen = linear(weights, name + "fc1", ffnWidth, width);
        narrow = linear(weights, name + "fc2", width, ffnWidth);
    }

    private record Linear(Weight weight, float[] bias) {}

    private record Norm(float[] weight, float[] bias) {}

    private static Linear linear(EncoderWeights weights, String name, int rows, int columns) {
        return new Linear(weights.matrix(name + ".weight", rows, columns), weights.floats(name + ".bias", rows));
    }

    private Norm norm(EncoderWeights weights, String name) {
        return new Norm(weights.floats(name + ".weight", width), weights.floats(name + ".bias", width));
    }

    /** Takes the residual stream [frames, width] through the layer, in place. */
    void run(float[] hidden, Piece piece, EncoderScratch scratch) {
        Block x = Block.of(hidden, piece.frames(), width);
        Block rows = Block.of(scratch.rows, piece.frames(), width);
        Block qkv = Block.of(scratch.qkv, piece.frames(), 3 * width);
        Block inner = Block.of(scratch.inner, piece.frames(), ffnWidth);
        Block update = Block.of(scratch.update, piece.frames(), width);

        apply(attentionNorm, x, rows);
        apply(query, rows, qkv.columns(0, width));
        apply(key, rows, qkv.columns(width, 2 * width));
        apply(value, rows, qkv.columns(2 * width, 3 * width));
        attention.attend(qkv, piece.heard(), rows);
        apply(out, rows, update);
        kernels.addScaled(1, scratch.update, 0, hidden, 0, hidden.length);

        apply(ffnNorm, x, rows);
        apply(widen, rows, inner);
        Pointwise.gelu(kernels, scratch.inner);
        apply(narrow, inner, update);
        kernels.addScaled(1, scratch.update, 0, hidden, 0, hidden.length);
    }

    private void apply(Linear linear, Block x, Block y) {
        kernels.linear(x, linear.weight(), linear.bias(), y);
    }

    private void apply(Norm norm, Block x, Block y) {
        kernels.layerNorm(x, norm.weight(), norm.bias(), EPSILON, y);
    }
}
