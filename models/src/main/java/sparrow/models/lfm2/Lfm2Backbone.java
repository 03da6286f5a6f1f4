package sparrow.models.lfm2;

import java.util.SequencedMap;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.JsonFile;
import sparrow.formats.weights.Checkpoint;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.Names;
import sparrow.models.gguf.TransformerLoader;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.WeightLoader;

/**
 * The LFM2 decoder, with gated short convolutions and attention layers that normalise queries and keys. The embedding
 * is also the output matrix, and the norm before it is called {@code embedding_norm}.
 */
public final class Lfm2Backbone {
    private Lfm2Backbone() {}

    /**
     * Loads the transformer of a checkpoint in safetensors or GGUF.
     *
     * @param load a function that prepares a matrix for the kernels
     * @throws sparrow.formats.BadFileException if a configuration key or a tensor is missing or invalid
     */
    static Transformer transformer(Lfm2Config config, Checkpoint checkpoint, Kernels kernels, WeightLoader load) {
        TransformerConfig sizes = config(config, checkpoint);
        SequencedMap<String, String> names = originalNames(config);
        checkTaps(config, checkpoint, names, sizes.width());
        return TransformerLoader.load(Architecture.LFM2, sizes, checkpoint, names, kernels, load);
    }

    /** Returns the tensors' original names, keyed by their names in a GGUF file, in file order. */
    static SequencedMap<String, String> originalNames(Lfm2Config config) {
        return Lfm2Names.layers(config.attends());
    }

    /**
     * Returns the sizes. The inner width of the feed-forward modules is read from the tensors, because the meaning of
     * its keys in the configuration varies.
     *
     * @throws sparrow.formats.BadFileException if a key or tensor is missing, contradictory or not supported
     */
    public static TransformerConfig config(Lfm2Config config, Checkpoint checkpoint) {
        JsonFile json = config.backbone();
        json.expectIfPresent("conv_bias", false);
        int width = json.positive("hidden_size");
        int heads = json.positive("num_attention_heads");
        int kvHeads = json.positive("num_key_value_heads");
        if (width % heads != 0 || width / heads % 2 != 0) {
            throw json.wrong("num_attention_heads", "an even share of hidden_size " + width + " for each head");
        }
        if (heads % kvHeads != 0) throw json.wrong("num_attention_heads", "a multiple of num_key_value_heads");
        int headWidth = width / heads;
        return new TransformerConfig(
                json.layers("num_hidden_layers", checkpoint.names().size()),
                width,
                heads,
                kvHeads,
                headWidth,
                TransformerLoader.rows(
                        checkpoint,
                        present(checkpoint, Names.weight(1, Names.GATE), "lfm.layers.0.feed_forward.w1.weight"),
                        width),
                json.positive("vocab_size"),
                json.positive("max_position_embeddings"),
                json.epsilon("norm_eps"),
                new Rope(headWidth, LayerKeys.ropeBase(json), Rope.Pairing.HALVES));
    }

    /** Returns a tensor's GGUF name if the checkpoint contains it, or its original name otherwise. */
    private static String present(Checkpoint checkpoint, String gguf, String original) {
        return checkpoint.has(gguf) ? gguf : original;
    }

    /** Checks the number of convolution taps against the configuration. */
    private static void checkTaps(
            Lfm2Config config, Checkpoint checkpoint, SequencedMap<String, String> names, int width) {
        int taps = config.backbone().positive("conv_L_cache");
        names.forEach((gguf, original) -> {
            if (!gguf.endsWith(Names.CONVOLUTION + ".weight")) return;
            if (checkpoint.has(gguf)) checkpoint.tensor(gguf, width, taps);
            else checkpoint.tensor(original, width, 1, taps);
        });
    }
}
