package sparrow.models.lfm2;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.Names;

/** Names of the tensors of LFM2-Audio in the GGUF files of its maker, which are llama.cpp's, and in the original checkpoint. */
final class Lfm2Names {
    /** Matrix of the text embedding, and of the text head, in the original. */
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

    private Lfm2Names() {}

    /**
     * Every original name of a stack of layers by the one in a GGUF file, in the order of such a file: language model and
     * detokenizer.
     *
     * @param attends whether each layer attends; the others convolve
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
        String here = "lfm.layers." + (layer - 1) + ".";
        parts.keySet().stream()
                .sorted()
                .forEach(part -> names.put(Names.weight(layer, part), here + parts.get(part) + ".weight"));
    }
}
