package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.engine.weights.Checkpoint;
import sparrow.models.config.JsonConfig;
import sparrow.models.gguf.Names;

/**
 * The ChatGLM decoder of GLM-4: its {@code config.json} and the names and fusions of its tensors (official module
 * {@code modeling_chatglm}).
 */
final class ChatGlm {
    private ChatGlm() {}

    /**
     * The sizes, from config.json.
     *
     * @throws sparrow.engine.weights.BadFileException naming the key that is missing, contradictory or unknown to us
     * @throws IOException if the file cannot be read
     */
    static TransformerConfig config(JsonConfig json) {
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
        int layers = json.positive("num_layers");
        json.expectIfPresent("num_hidden_layers", layers);
        int vocabulary = json.positive("padded_vocab_size");
        json.expectIfPresent("vocab_size", vocabulary);
        int headWidth = json.positive("kv_channels");
        if (headWidth % 4 != 0) throw json.wrong("kv_channels", "a multiple of 4 (half of a head turns in pairs)");
        int heads = json.positive("num_attention_heads");
        int groups = json.positive("multi_query_group_num");
        if (heads % groups != 0) throw json.wrong("num_attention_heads", "a multiple of multi_query_group_num");
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
                (float) json.number("layernorm_epsilon"),
                // Half of every head turns; the base, not the positions, is scaled.
                new Rope(headWidth / 2, 10_000 * ropeRatio, Rope.Pairing.INTERLEAVED));
    }

    /**
     * The transformer of a checkpoint whose fused matrices are cut into one projection each.
     *
     * @param load makes a matrix ready for the kernels
     */
    static Transformer transformer(
            TransformerConfig config, Checkpoint checkpoint, Kernels kernels, Function<Matrix, Weight> load) {
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) layers.add(layer(config, checkpoint, layer, load));
        return new Transformer(
                config,
                kernels,
                checkpoint.matrix("transformer.embedding.word_embeddings.weight", config.vocabulary(), config.width()),
                layers,
                checkpoint.floats("transformer.encoder.final_layernorm.weight", config.width()),
                load.apply(checkpoint.matrix("transformer.output_layer.weight", config.vocabulary(), config.width())));
    }

    /** One layer; the checkpoint counts from 0. */
    private static Layer layer(
            TransformerConfig config, Checkpoint checkpoint, int layer, Function<Matrix, Weight> load) {
        String name = "transformer.encoder.layers." + layer + ".";
        int width = config.width();
        int q = config.queryWidth();
        int kv = config.kvWidth();
        int ffn = config.ffnWidth();
        String attention = name + "self_attention.";
        Matrix qkv = checkpoint.matrix(attention + "query_key_value.weight", q + 2 * kv, width);
        float[] bias = checkpoint.floats(attention + "query_key_value.bias", q + 2 * kv);
        Matrix gateUp = checkpoint.matrix(name + "mlp.dense_h_to_4h.weight", 2 * ffn, width);
        return new Layer(
                checkpoint.floats(name + "input_layernorm.weight", width),
                part(qkv, bias, 0, q, load),
                part(qkv, bias, q, q + kv, load),
                part(qkv, bias, q + kv, q + 2 * kv, load),
                new Linear(load.apply(checkpoint.matrix(attention + "dense.weight", width, q)), null),
                checkpoint.floats(name + "post_attention_layernorm.weight", width),
                new Linear(load.apply(gateUp.slice(0, ffn)), null),
                new Linear(load.apply(gateUp.slice(ffn, 2 * ffn)), null),
                new Linear(load.apply(checkpoint.matrix(name + "mlp.dense_4h_to_h.weight", width, ffn)), null));
    }

    private static Linear part(Matrix fused, float[] bias, int from, int to, Function<Matrix, Weight> load) {
        return new Linear(load.apply(fused.slice(from, to)), Arrays.copyOfRange(bias, from, to));
    }

    /** The tensors by their names here, each with the one that llama.cpp gives it; nothing is cut or fused. */
    static Map<String, String> ggufNames(TransformerConfig config) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("transformer.embedding.word_embeddings.weight", Names.EMBEDDING);
        for (int layer = 1; layer <= config.layers(); layer++) {
            String here = "transformer.encoder.layers." + (layer - 1) + ".";
            names.put(here + "input_layernorm.weight", Names.weight(layer, Names.ATTENTION_NORM));
            names.put(here + "self_attention.query_key_value.weight", Names.weight(layer, Names.QKV));
            names.put(here + "self_attention.query_key_value.bias", Names.bias(layer, Names.QKV));
            names.put(here + "self_attention.dense.weight", Names.weight(layer, Names.ATTENTION_OUTPUT));
            names.put(here + "post_attention_layernorm.weight", Names.weight(layer, Names.FFN_NORM));
            names.put(here + "mlp.dense_h_to_4h.weight", Names.weight(layer, Names.UP));
            names.put(here + "mlp.dense_4h_to_h.weight", Names.weight(layer, Names.DOWN));
        }
        names.put("transformer.encoder.final_layernorm.weight", Names.OUTPUT_NORM);
        names.put("transformer.output_layer.weight", Names.OUTPUT);
        return names;
    }

    /** config.json of a language model folder. */
    static JsonConfig read(Path folder) throws IOException {
        return JsonConfig.read(folder.resolve("config.json"));
    }
}
