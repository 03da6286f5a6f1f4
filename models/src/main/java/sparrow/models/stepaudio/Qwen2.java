package sparrow.models.stepaudio;

import java.util.LinkedHashMap;
import java.util.List;
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
 * Reads Step-Audio-2's Qwen2 decoder: the section {@code text_config} in its {@code config.json}, and its tensors
 * (official module {@code modeling_step_audio_2}).
 */
final class Qwen2 {
    /** The official name of a part of a layer, and llama.cpp's name for it. */
    private record Part(String official, String llamaCpp) {}

    private static final List<Part> PARTS = List.of(
            new Part("input_layernorm", Names.ATTENTION_NORM),
            new Part("self_attn.q_proj", Names.QUERY),
            new Part("self_attn.k_proj", Names.KEY),
            new Part("self_attn.v_proj", Names.VALUE),
            new Part("self_attn.o_proj", Names.ATTENTION_OUTPUT),
            new Part("post_attention_layernorm", Names.FFN_NORM),
            new Part("mlp.gate_proj", Names.GATE),
            new Part("mlp.up_proj", Names.UP),
            new Part("mlp.down_proj", Names.DOWN));

    private static final String LAYERS = "num_hidden_layers";

    private Qwen2() {}

    /**
     * Returns the sizes. All keys are required, because the official class's defaults differ from the released model.
     *
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     */
    static TransformerConfig config(JsonFile text) {
        int width = text.positive("hidden_size");
        int heads = text.positive("num_attention_heads");
        int kvHeads = text.positive("num_key_value_heads");
        if (width % heads != 0 || width / heads % 2 != 0) {
            throw text.wrong("num_attention_heads", "an even share of hidden_size " + width + " for each head");
        }
        if (heads % kvHeads != 0) throw text.wrong("num_attention_heads", "a multiple of num_key_value_heads");
        text.expect("num_attention_groups", kvHeads);
        text.expectIfPresent("hidden_act", "silu");
        text.expectIfPresent("use_sliding_window", false);
        text.expectIfPresent("tie_word_embeddings", false);
        if (text.has("rope_scaling")) throw text.wrong("rope_scaling", "null");
        double base = text.number("rope_theta");
        if (!(base > 0)) throw text.wrong("rope_theta", "a number above 0");
        int headWidth = width / heads;
        return new TransformerConfig(
                text.positive(LAYERS),
                width,
                heads,
                kvHeads,
                headWidth,
                text.positive("intermediate_size"),
                text.positive("vocab_size"),
                text.positive("max_position_embeddings"),
                text.epsilon("rms_norm_eps"),
                new Rope(headWidth, base, Rope.Pairing.HALVES));
    }

    /**
     * Loads a checkpoint's transformer.
     *
     * @param text the section in the checkpoint's {@code config.json}
     * @param load a function that prepares a matrix for the kernels
     */
    static Transformer transformer(JsonFile text, Checkpoint checkpoint, Kernels kernels, WeightLoader load) {
        return TransformerLoader.load(
                Architecture.QWEN2, config(text), checkpoint, originalNames(text, checkpoint), kernels, load);
    }

    /**
     * Returns the tensors' official names, keyed by llama.cpp's names, in the order of llama.cpp's files.
     *
     * @throws sparrow.formats.BadFileException if the number of layers is larger than the number of tensors
     */
    static SequencedMap<String, String> originalNames(JsonFile text, Checkpoint checkpoint) {
        int layers = text.layers(LAYERS, checkpoint.names().size());
        SequencedMap<String, String> names = new LinkedHashMap<>();
        names.put(Names.EMBEDDING, "model.embed_tokens.weight");
        for (int layer = 1; layer <= layers; layer++) {
            String prefix = "model.layers." + (layer - 1) + ".";
            for (Part part : PARTS) {
                names.put(Names.weight(layer, part.llamaCpp()), prefix + part.official() + ".weight");
                if (Architecture.QWEN2.biases().contains(part.llamaCpp()))
                    names.put(Names.bias(layer, part.llamaCpp()), prefix + part.official() + ".bias");
            }
        }
        names.put(Names.OUTPUT_NORM, "model.norm.weight");
        names.put(Names.OUTPUT, "lm_head.weight");
        return names;
    }
}
