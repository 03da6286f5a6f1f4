package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
 * Reads GLM-4's ChatGLM decoder: its {@code config.json} and its tensors (official module {@code modeling_chatglm}).
 */
public final class ChatGlm {
    private static final String LAYERS = "num_layers";

    private ChatGlm() {}

    /**
     * Returns the sizes in {@code config.json}.
     *
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     */
    public static TransformerConfig config(JsonFile json) {
        json.expect("model_type", "chatglm");
        json.expect("rmsnorm", true);
        json.expect("post_layer_norm", true);
        json.expect("add_qkv_bias", true);
        json.expect("add_bias_linear", false);
        json.expect("multi_query_attention", true);
        json.expect("original_rope", true);
        json.expect("apply_residual_connection_post_layernorm", false);
        json.expectIfPresent("tie_word_embeddings", false);
        json.expectIfPresent("pre_seq_len", 0);
        int layers = json.positive(LAYERS);
        json.expectIfPresent("num_hidden_layers", layers);
        int vocabulary = json.positive("padded_vocab_size");
        json.expectIfPresent("vocab_size", vocabulary);
        int headWidth = json.positive("kv_channels");
        if (headWidth % 4 != 0) throw json.wrong("kv_channels", "a multiple of 4 (half of a head is rotated in pairs)");
        int heads = json.positive("num_attention_heads");
        int groups = json.positive("multi_query_group_num");
        if (heads % groups != 0) throw json.wrong("num_attention_heads", "a multiple of multi_query_group_num");
        if (heads + 2L * groups > Integer.MAX_VALUE / headWidth) {
            throw json.wrong("kv_channels", "heads of at most 2^31-1 channels together");
        }
        double ropeRatio = json.number("rope_ratio", 1);
        if (!(ropeRatio > 0)) throw json.wrong("rope_ratio", "a number above 0");
        return new TransformerConfig(
                layers,
                json.positive("hidden_size"),
                heads,
                groups,
                headWidth,
                json.positive("ffn_hidden_size"),
                vocabulary,
                json.positive("seq_length"),
                json.epsilon("layernorm_epsilon"),
                // Half of every head is rotated. The base is scaled rather than the positions.
                new Rope(headWidth / 2, 10_000 * ropeRatio, Rope.Pairing.INTERLEAVED));
    }

    /**
     * Loads a checkpoint's transformer.
     *
     * @param json the checkpoint's {@code config.json}
     * @param load a function that prepares a matrix for the kernels
     */
    static Transformer transformer(JsonFile json, Checkpoint checkpoint, Kernels kernels, WeightLoader load) {
        return TransformerLoader.load(
                Architecture.CHATGLM, config(json), checkpoint, originalNames(json, checkpoint), kernels, load);
    }

    /**
     * Returns the tensors' official names, keyed by llama.cpp's names, in the order of llama.cpp's files. The shapes
     * are equal.
     *
     * @throws sparrow.formats.BadFileException if the number of layers is larger than the number of tensors
     */
    static SequencedMap<String, String> originalNames(JsonFile json, Checkpoint checkpoint) {
        int layers = json.layers(LAYERS, checkpoint.names().size());
        SequencedMap<String, String> names = new LinkedHashMap<>();
        names.put(Names.EMBEDDING, "transformer.embedding.word_embeddings.weight");
        for (int layer = 1; layer <= layers; layer++) {
            String prefix = "transformer.encoder.layers." + (layer - 1) + ".";
            names.put(Names.weight(layer, Names.ATTENTION_NORM), prefix + "input_layernorm.weight");
            names.put(Names.weight(layer, Names.QKV), prefix + "self_attention.query_key_value.weight");
            names.put(Names.bias(layer, Names.QKV), prefix + "self_attention.query_key_value.bias");
            names.put(Names.weight(layer, Names.ATTENTION_OUTPUT), prefix + "self_attention.dense.weight");
            names.put(Names.weight(layer, Names.FFN_NORM), prefix + "post_attention_layernorm.weight");
            names.put(Names.weight(layer, Names.UP), prefix + "mlp.dense_h_to_4h.weight");
            names.put(Names.weight(layer, Names.DOWN), prefix + "mlp.dense_4h_to_h.weight");
        }
        names.put(Names.OUTPUT_NORM, "transformer.encoder.final_layernorm.weight");
        names.put(Names.OUTPUT, "transformer.output_layer.weight");
        return names;
    }

    /** Reads the {@code config.json} in a language model's folder. */
    public static JsonFile read(Path folder) throws IOException {
        return JsonFile.read(folder.resolve("config.json"));
    }
}
