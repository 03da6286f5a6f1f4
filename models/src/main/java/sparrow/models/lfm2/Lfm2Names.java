package sparrow.models.lfm2;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.Names;

/**
 * Maps llama.cpp's tensor names, which the publisher's LFM2-Audio GGUF files use, to the names in the original
 * checkpoint.
 */
final class Lfm2Names {
    /** Original name of the text embedding, which is also the text head. */
    static final String EMBEDDING = "lfm.embed_tokens.weight";

    private static final Map<String, String> LAYER = Map.of(
            Names.ATTENTION_NORM, "operator_norm",
            Names.FFN_NORM, "ffn_norm",
            Names.GATE, "feed_forward.w1",
            Names.UP, "feed_forward.w3",
            Names.DOWN, "feed_forward.w2");

    private static final Map<String, String> ATTENTION = Map.of(
            Names.QUERY, "self_attn.q_proj",
            Names.KEY, "self_attn.k_proj",
            Names.VALUE, "self_attn.v_proj",
            Names.ATTENTION_OUTPUT, "self_attn.out_proj",
            Names.QUERY_NORM, "self_attn.q_layernorm",
            Names.KEY_NORM, "self_attn.k_layernorm");

    private static final Map<String, String> CONVOLUTION = Map.of(
            Names.CONVOLUTION_INPUT, "conv.in_proj",
            Names.CONVOLUTION, "conv.conv",
            Names.CONVOLUTION_OUTPUT, "conv.out_proj");

    /** Modules in a block of the speech encoder. Each module has a weight, and most modules have a bias. */
    private static final Map<String, String> BLOCK = Map.ofEntries(
            Map.entry("ffn_norm", "norm_feed_forward1"),
            Map.entry("ffn_up", "feed_forward1.linear1"),
            Map.entry("ffn_down", "feed_forward1.linear2"),
            Map.entry("ln1", "norm_self_att"),
            Map.entry("attn_q", "self_attn.linear_q"),
            Map.entry("attn_k", "self_attn.linear_k"),
            Map.entry("attn_v", "self_attn.linear_v"),
            Map.entry("attn_out", "self_attn.linear_out"),
            Map.entry("linear_pos", "self_attn.linear_pos"),
            Map.entry("norm_conv", "norm_conv"),
            Map.entry("conv_pw1", "conv.pointwise_conv1"),
            Map.entry("conv_dw", "conv.depthwise_conv"),
            Map.entry("conv_norm", "conv.folded_norm"),
            Map.entry("conv_pw2", "conv.pointwise_conv2"),
            Map.entry("ffn_norm_1", "norm_feed_forward2"),
            Map.entry("ffn_up_1", "feed_forward2.linear1"),
            Map.entry("ffn_down_1", "feed_forward2.linear2"),
            Map.entry("ln2", "norm_out"));

    private Lfm2Names() {}

    /**
     * Returns the original names of the speech encoder's and the adapter's tensors, keyed by their names in the
     * publisher's file {@code mmproj}. The statistics of the file's batch norms are folded into their weights and
     * biases, so these norms are named {@code folded_norm}.
     *
     * @param layers the number of layers in the encoder
     */
    static SequencedMap<String, String> audioEncoder(int layers) {
        SequencedMap<String, String> names = new LinkedHashMap<>();
        for (int i : new int[] {0, 2, 3, 5, 6}) module(names, "a.conv1d." + i, "conformer.pre_encode.conv." + i);
        module(names, "a.pre_encode.out", "conformer.pre_encode.out");
        for (int layer = 0; layer < layers; layer++) {
            String gguf = "a.blk." + layer + ".";
            String original = "conformer.layers." + layer + ".";
            BLOCK.forEach((part, own) -> module(names, gguf + part, original + own));
            names.remove(gguf + "linear_pos.bias");
            for (String bias : List.of("pos_bias_u", "pos_bias_v")) {
                names.put(gguf + bias, original + "self_attn." + bias);
            }
        }
        for (int i : new int[] {0, 1, 3}) module(names, "mm.a.mlp." + i, "audio_adapter.model." + i);
        return names;
    }

    private static void module(Map<String, String> names, String gguf, String original) {
        names.put(gguf + ".weight", original + ".weight");
        names.put(gguf + ".bias", original + ".bias");
    }

    /**
     * Returns the original names of the language model's or the detokenizer's tensors, keyed by their names in a GGUF
     * file, in file order.
     *
     * @param attends whether each layer is an attention layer rather than a convolution layer
     */
    static SequencedMap<String, String> layers(List<Boolean> attends) {
        SequencedMap<String, String> names = new LinkedHashMap<>();
        names.put(Names.EMBEDDING, EMBEDDING);
        for (int layer = 1; layer <= attends.size(); layer++) {
            put(names, layer, LAYER);
            put(names, layer, attends.get(layer - 1) ? ATTENTION : CONVOLUTION);
        }
        names.put(Architecture.LFM2.outputNorm(), "lfm.embedding_norm.weight");
        return names;
    }

    private static void put(Map<String, String> names, int layer, Map<String, String> parts) {
        String prefix = "lfm.layers." + (layer - 1) + ".";
        parts.keySet().stream()
                .sorted()
                .forEach(part -> names.put(Names.weight(layer, part), prefix + parts.get(part) + ".weight"));
    }
}
