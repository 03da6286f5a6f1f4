package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.List;
import sparrow.formats.JsonFile;

/** Keys with alternative names in the configuration of the language model and the detokenizer. */
public final class LayerKeys {
    /** Name of the language model's attention layers. */
    public static final String FULL_ATTENTION = "full_attention";

    /** Name of the convolution layers. */
    public static final String CONVOLUTION = "conv";

    private static final String LAYERS = "num_hidden_layers";
    private static final String TYPES = "layer_types";
    private static final String INDICES = "full_attn_idxs";

    /** Maximum number of layers, which is far more than any network has. */
    private static final int MAX_LAYERS = 1 << 12;

    private LayerKeys() {}

    /**
     * Returns, for each layer, whether it is an attention layer rather than a convolution layer, as specified by
     * {@code layer_types} or {@code full_attn_idxs}.
     *
     * @param attention the name of attention layers in {@code layer_types}
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     */
    static List<Boolean> attends(JsonFile json, String attention) {
        int layers = json.positive(LAYERS);
        if (layers > MAX_LAYERS) throw json.wrong(LAYERS, "at most " + MAX_LAYERS);
        return json.has(TYPES) ? named(json, layers, attention) : listed(json, layers);
    }

    private static List<Boolean> named(JsonFile json, int layers, String attention) {
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

    private static List<Boolean> listed(JsonFile json, int layers) {
        List<Integer> indices = json.integers(INDICES);
        if (indices.stream().anyMatch(index -> index < 0 || index >= layers)) {
            throw json.wrong(INDICES, "numbers from 0 to " + (layers - 1));
        }
        List<Boolean> attends = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) attends.add(indices.contains(layer));
        return attends;
    }

    /**
     * Returns the base of the rotary embedding, whose key is {@code theta} in older files, and {@code rope_theta}
     * otherwise. Newer files contain {@code rope_theta} in the section {@code rope_parameters}.
     */
    static double ropeBase(JsonFile json) {
        String key = json.has("theta") ? "theta" : "rope_theta";
        JsonFile section = !json.has(key) && json.has("rope_parameters") ? json.section("rope_parameters") : json;
        double base = section.number(key);
        if (!(base > 0)) throw section.wrong(key, "a number above 0");
        return base;
    }
}
