package sparrow.models.gguf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.AttentionSpan;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.weights.GgufValue;

/** The metadata of a language model's file, which llama.cpp and Sparrow's decoder require. */
public final class ModelKeys {
    /** Version of ggml's block layouts. */
    private static final int QUANTISATION_VERSION = 2;

    private ModelKeys() {}

    /**
     * Returns the keys of a model whose vocabulary contains text and speech, without the vocabulary's own keys.
     *
     * @param name the model's name
     * @throws IllegalArgumentException if llama.cpp cannot run a model of these sizes
     */
    public static Map<String, GgufValue> of(
            Architecture architecture,
            TransformerConfig config,
            TokenSpace tokens,
            InterleaveFormat interleave,
            String name,
            Quantisation quantisation) {
        Map<String, GgufValue> keys = sizes(architecture, config, name, quantisation);
        keys.putAll(VoiceKeys.of(tokens, interleave));
        return keys;
    }

    /**
     * Returns the keys of an {@link Architecture#LFM2} decoder, without the vocabulary's own keys.
     *
     * @param attends whether each layer is an attention layer rather than a convolution layer
     * @param taps the kernel size of the short convolutions
     * @param name the model's name
     */
    public static Map<String, GgufValue> lfm2(
            TransformerConfig config, List<Boolean> attends, int taps, String name, Quantisation quantisation) {
        return convolving(Architecture.LFM2, config, attends, taps, name, quantisation);
    }

    /**
     * Returns the keys of an {@link Architecture#LFM3} decoder, without the vocabulary's own keys.
     *
     * @param attends whether each layer is an attention layer rather than a convolution layer
     * @param windowed whether each layer's attention has a window
     * @param window the window
     * @param taps the kernel size of the short convolutions
     * @param name the model's name
     */
    public static Map<String, GgufValue> lfm3(
            TransformerConfig config,
            List<Boolean> attends,
            List<Boolean> windowed,
            AttentionSpan.Window window,
            int taps,
            String name,
            Quantisation quantisation) {
        Architecture architecture = Architecture.LFM3;
        Map<String, GgufValue> keys = convolving(architecture, config, attends, taps, name, quantisation);
        whole(keys, architecture, "attention.key_length", config.headWidth());
        whole(keys, architecture, "attention.value_length", config.headWidth());
        whole(keys, architecture, "attention.sliding_window", window.positions());
        keys.put(architecture.key("attention.sliding_window_pattern"), new GgufValue.Flags(windowed));
        number(keys, architecture, "rope.freq_base_swa", (float) window.rope().base());
        return keys;
    }

    private static Map<String, GgufValue> convolving(
            Architecture architecture,
            TransformerConfig config,
            List<Boolean> attends,
            int taps,
            String name,
            Quantisation quantisation) {
        Map<String, GgufValue> keys = sizes(architecture, config, name, quantisation);
        keys.put(
                architecture.key("attention.head_count_kv"),
                new GgufValue.Integers(attends.stream()
                        .map(attend -> attend ? config.kvHeads() : 0)
                        .toList()));
        whole(keys, architecture, "vocab_size", config.vocabulary());
        whole(keys, architecture, "shortconv.l_cache", taps);
        return keys;
    }

    private static Map<String, GgufValue> sizes(
            Architecture architecture, TransformerConfig config, String name, Quantisation quantisation) {
        if (architecture == Architecture.CHATGLM && config.queryWidth() != config.width()) {
            throw new IllegalArgumentException("GGUF of chatglm: expected query heads as wide as the model, "
                    + config.width() + ", got " + config.queryWidth());
        }
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        keys.put("general.architecture", new GgufValue.Text(architecture.label()));
        keys.put("general.name", new GgufValue.Text(name));
        keys.put("general.file_type", new GgufValue.Whole(quantisation.dtype().fileType()));
        keys.put("general.quantization_version", new GgufValue.Whole(QUANTISATION_VERSION));
        whole(keys, architecture, "block_count", config.layers());
        whole(keys, architecture, "context_length", config.contextLength());
        whole(keys, architecture, "embedding_length", config.width());
        whole(keys, architecture, "feed_forward_length", config.ffnWidth());
        whole(keys, architecture, "attention.head_count", config.heads());
        whole(keys, architecture, "attention.head_count_kv", config.kvHeads());
        if (config.queryWidth() != config.width()) {
            whole(keys, architecture, "attention.key_length", config.headWidth());
            whole(keys, architecture, "attention.value_length", config.headWidth());
        }
        number(keys, architecture, "attention.layer_norm_rms_epsilon", config.normEpsilon());
        whole(keys, architecture, "rope.dimension_count", config.rope().dimensions());
        number(keys, architecture, "rope.freq_base", (float) config.rope().base());
        return keys;
    }

    private static void whole(Map<String, GgufValue> keys, Architecture architecture, String size, int value) {
        keys.put(architecture.key(size), new GgufValue.Whole(value));
    }

    private static void number(Map<String, GgufValue> keys, Architecture architecture, String size, float value) {
        keys.put(architecture.key(size), new GgufValue.Number(value));
    }
}
