package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.WeightLoader;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.ShortConvolution;
import sparrow.engine.transformer.TokenMixer;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;
import sparrow.models.config.JsonConfig;

/**
 * The LFM2 decoder: gated short convolutions, and attention layers that normalise their heads. Its embedding is its output matrix,
 * and the norm before that is called {@code embedding_norm}.
 */
final class Lfm2Backbone {
    private static final String EMBEDDING = "lfm.embed_tokens.weight";

    private final Lfm2Config config;
    private final TransformerConfig sizes;
    private final Checkpoint checkpoint;
    private final WeightLoader load;

    private Lfm2Backbone(Lfm2Config config, Checkpoint checkpoint, WeightLoader load) {
        this.config = config;
        this.sizes = sizes(config, checkpoint);
        this.checkpoint = checkpoint;
        this.load = load;
    }

    /**
     * The transformer of a checkpoint.
     *
     * @param load makes a matrix ready for the kernels
     * @throws BadFileException if a key of the configuration or a tensor is missing, or does not fit
     */
    static Transformer load(Lfm2Config config, Checkpoint checkpoint, Kernels kernels, WeightLoader load) {
        return new Lfm2Backbone(config, checkpoint, load).transformer(kernels);
    }

    /**
     * The sizes. The inner width of the feed-forward is that of the tensors: the configuration tells it in several ways.
     *
     * @throws BadFileException naming the key or tensor that is missing, contradictory or unknown to us
     */
    static TransformerConfig sizes(Lfm2Config config, Checkpoint checkpoint) {
        JsonConfig json = config.backbone();
        json.expectIfPresent("conv_bias", false);
        int width = json.positive("hidden_size");
        int heads = json.positive("num_attention_heads");
        int kvHeads = json.positive("num_key_value_heads");
        if (width % heads != 0 || width / heads % 2 != 0) {
            throw json.wrong("num_attention_heads", "an even share of hidden_size " + width + " for each head");
        }
        if (heads % kvHeads != 0) throw json.wrong("num_attention_heads", "a multiple of num_key_value_heads");
        int headWidth = width / heads;
        int vocabulary = json.positive("vocab_size");
        checkpoint.tensor(EMBEDDING, vocabulary, width);
        return new TransformerConfig(
                json.layers("num_hidden_layers", checkpoint),
                width,
                heads,
                kvHeads,
                headWidth,
                checkpoint
                        .tensor("lfm.layers.0.feed_forward.w1.weight", -1, width)
                        .shape()
                        .getFirst(),
                vocabulary,
                json.positive("max_position_embeddings"),
                json.epsilon("norm_eps"),
                new Rope(headWidth, LayerKeys.ropeBase(json), Rope.Pairing.HALVES));
    }

    private Transformer transformer(Kernels kernels) {
        List<Boolean> attends = LayerKeys.attends(config.backbone(), "full_attention");
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String name = "lfm.layers." + layer + ".";
            TokenMixer mixer = attends.get(layer) ? attention(name + "self_attn.") : convolution(name + "conv.");
            layers.add(new Layer(
                    norm(name + "operator_norm", sizes.width()),
                    mixer,
                    norm(name + "ffn_norm", sizes.width()),
                    linear(name + "feed_forward.w1", sizes.ffnWidth(), sizes.width()),
                    linear(name + "feed_forward.w3", sizes.ffnWidth(), sizes.width()),
                    linear(name + "feed_forward.w2", sizes.width(), sizes.ffnWidth())));
        }
        Matrix embedding = checkpoint.matrix(EMBEDDING, sizes.vocabulary(), sizes.width());
        return new Transformer(
                sizes, kernels, embedding, layers, norm("lfm.embedding_norm", sizes.width()), load.load(embedding));
    }

    private SelfAttention attention(String name) {
        return new SelfAttention(
                linear(name + "q_proj", sizes.queryWidth(), sizes.width()),
                linear(name + "k_proj", sizes.kvWidth(), sizes.width()),
                linear(name + "v_proj", sizes.kvWidth(), sizes.width()),
                linear(name + "out_proj", sizes.width(), sizes.queryWidth()),
                norm(name + "q_layernorm", sizes.headWidth()),
                norm(name + "k_layernorm", sizes.headWidth()));
    }

    private ShortConvolution convolution(String name) {
        int width = sizes.width();
        Matrix fused = checkpoint.matrix(name + "in_proj.weight", 3 * width, width);
        return new ShortConvolution(
                new Linear(load.load(fused.slice(0, width)), null),
                new Linear(load.load(fused.slice(width, 2 * width)), null),
                new Linear(load.load(fused.slice(2 * width, 3 * width)), null),
                taps(name + "conv.weight"),
                linear(name + "out_proj", width, width));
    }

    /** From [width, 1, K] to [K][width]. */
    private float[][] taps(String name) {
        int width = sizes.width();
        int count = config.backbone().positive("conv_L_cache");
        float[] weights = checkpoint.floats(name, width, 1, count);
        float[][] taps = new float[count][width];
        for (int c = 0; c < width; c++) {
            for (int tap = 0; tap < count; tap++) taps[tap][c] = weights[c * count + tap];
        }
        return taps;
    }

    private float[] norm(String name, int width) {
        return checkpoint.floats(name + ".weight", width);
    }

    private Linear linear(String name, int rows, int columns) {
        return new Linear(load.load(checkpoint.matrix(name + ".weight", rows, columns)), null);
    }
}
