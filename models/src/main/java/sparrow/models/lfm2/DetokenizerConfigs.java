package sparrow.models.lfm2;

import java.util.List;
import sparrow.engine.weights.BadFileException;
import sparrow.models.config.JsonConfig;
import sparrow.speech.detokenize.DetokenizerConfig;
import sparrow.speech.detokenize.DetokenizerConfig.Mixing;
import sparrow.speech.detokenize.FrameDecoder;

/** The {@code config.json} of {@code audio_detokenizer/}. */
final class DetokenizerConfigs {
    /** Name of the layers that attend. */
    static final String ATTENTION = "sliding_attention";

    private DetokenizerConfigs() {}

    /**
     * Reads the sizes of the detokenizer.
     *
     * @throws BadFileException naming the key that is missing, contradictory or unknown to us
     */
    static DetokenizerConfig read(JsonConfig json) {
        json.expectIfPresent("conv_bias", false);
        json.expectIfPresent("output_size", FrameDecoder.OUTPUTS);
        List<Mixing> layers = LayerKeys.attends(json, ATTENTION).stream()
                .map(attends -> attends ? Mixing.ATTENTION : Mixing.CONVOLUTION)
                .toList();
        int width = json.positive("hidden_size");
        int heads = json.positive("num_attention_heads");
        int keyHeads = json.positive("num_key_value_heads");
        int taps = json.positive("conv_L_cache");
        int window = json.positive("sliding_window");
        double ropeBase = LayerKeys.ropeBase(json);
        float epsilon = json.epsilon("norm_eps");
        try {
            return new DetokenizerConfig(width, heads, keyHeads, taps, window, layers, ropeBase, epsilon);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(json.file(), e.getMessage()); // begins with the key
        }
    }
}
