package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.List;
import sparrow.models.config.JsonConfig;

/** Keys of an LFM2 configuration that have several spellings; language model and detokenizer share them. */
final class LayerKeys {
    /** Name of the language model's layers that attend. */
    static final String FULL_ATTENTION = "full_attention";

    /** Name of the layers that convolve. */
    static final String CONVOLUTION = "conv";

    private static final String LAYERS = "num_hidden_layers";
    private static final String TYPES = "layer_types";
    private static final String INDICES = "full_attn_idxs";

    /** No network comes near so many layers. */
    private static final int MOST_LAYERS = 1 << 12;

    private LayerKeys() {}

    /**
     * For each layer whether it attends; the others convolve. {@code layer_types} says it, or else {@code full_attn_idxs}.
     *
     * @param attention name of the layers that attend, in {@code layer_types}
     * @throws sparrow.formats.weights.BadFileException naming the key that is missing, contradictory or unknown to us
     */
    static List<Boolean> attends(JsonConfig json, String attention) {
        int layers = json.positive(LAYERS);
        if (layers > MOST_LAYERS) throw json.wrong(LAYERS, "at most " + MOST_LAYERS);
        return json.has(TYPES) ? named(json, layers, attention) : listed(json, layers);
    }

    private static List<Boolean> named(JsonConfig json, int layers, String attention) {
        List<String> types = json.strings(TYPES);
        if (types.size() != layers) throw json.wrong(TYPES, LAYERS + " = " + layers + " types");
        List<Boolean> attends = new ArrayList<>();
        for (String type : types) {
            if (!type.equals(attention) && !type.equals(CONVOLUTION)) {
                throw json.wrong(TYPES, CONVOLUTION + " or " + attention + " for each layer");
            }
            attends.add(type.equals(attention));
        }
        return attends;
    }

    private static List<Boolean> listed(JsonConfig json, int layers) {
        List<Integer> indices = json.integers(INDICES);
        if (indices.stream().anyMatch(index -> index < 0 || index >= layers)) {
            throw json.wrong(INDICES, "numbers from 0 to " + (layers - 1));
        }
        List<Boolean> attends = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) attends.add(indices.contains(layer));
        return attends;
    }

    /**
     * Returns the base of rotary positions: {@code theta} of older files, or {@code rope_theta}, or the newer section.
     */
    static double ropeBase(JsonConfig json) {
        String key = json.has("theta") ? "theta" : "rope_theta";
        JsonConfig place = !json.has(key) && json.has("rope_parameters") ? json.section("rope_parameters") : json;
        double base = place.number(key);
        if (!(base > 0)) throw place.wrong(key, "a number above 0");
        return base;
    }
}
