package sparrow.speech.lfm;

import java.util.List;
import sparrow.speech.layers.Sizes;

/**
 * Configuration of a stack of LFM layers in an audio network: LFM2.5-Audio's detokenizer (in
 * {@code audio_detokenizer/}) or LFM3-Audio's encoder or codec decoder. The inner width of the feed-forward modules is
 * read from tensor shapes.
 *
 * @param width number of channels of the residual stream ({@code hidden_size})
 * @param heads number of query heads, each {@code width / heads} wide ({@code num_attention_heads})
 * @param keyHeads number of key and value heads ({@code num_key_value_heads})
 * @param taps number of rows that a short convolution reads, including the current row ({@code conv_L_cache})
 * @param window number of positions that a query attends to, including its own ({@code sliding_window})
 * @param layers kind of each layer ({@code layer_types})
 * @param ropeBase base of the rotary position embedding ({@code rope_theta})
 * @param epsilon epsilon of all norms ({@code norm_eps})
 */
public record LfmConfig(
        int width, int heads, int keyHeads, int taps, int window, List<Mixing> layers, double ropeBase, float epsilon) {
    /** Kinds of layers, distinguished by the part that mixes positions. */
    public enum Mixing {
        /** A gated short convolution ({@code conv}). */
        CONVOLUTION,
        /** Attention to a window of the newest positions ({@code sliding_attention}). */
        ATTENTION
    }

    public LfmConfig {
        layers = List.copyOf(layers);
        Sizes.positive("hidden_size", width);
        Sizes.positive("num_attention_heads", heads);
        Sizes.positive("num_key_value_heads", keyHeads);
        Sizes.positive("conv_L_cache", taps);
        Sizes.positive("sliding_window", window);
        Sizes.positive("layer_types", layers.size());
        Sizes.divisor("num_attention_heads", heads, "hidden_size", width);
        Sizes.divisor("num_key_value_heads", keyHeads, "num_attention_heads", heads);
        if (width / heads % 2 != 0) {
            throw new IllegalArgumentException("hidden_size: expected an even number of channels per head, got " + width
                    + " for " + heads + " heads");
        }
        if (!(ropeBase > 0) || Double.isInfinite(ropeBase)) {
            throw new IllegalArgumentException("rope_theta: expected a number above 0, got " + ropeBase);
        }
        Sizes.finite("norm_eps", epsilon);
    }

    int headWidth() {
        return width / heads;
    }
}
