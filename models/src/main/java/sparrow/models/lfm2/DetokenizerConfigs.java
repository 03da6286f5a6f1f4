package sparrow.models.lfm2;

import java.util.List;
import sparrow.formats.JsonFile;
import sparrow.speech.detokenize.FrameDecoder;
import sparrow.speech.lfm.LfmConfig;
import sparrow.speech.lfm.LfmConfig.Mixing;

/** Reads the {@code config.json} in {@code audio_detokenizer/}. */
public final class DetokenizerConfigs {
    /** Name of the attention layers. */
    static final String ATTENTION = "sliding_attention";

    private DetokenizerConfigs() {}

    /**
     * Reads the sizes of the detokenizer.
     *
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     */
    public static LfmConfig read(JsonFile json) {
        json.expectIfPresent("conv_bias", false);
        json.expectIfPresent("output_size", FrameDecoder.OUTPUTS);
        List<Mixing> layers = LayerKeys.attends(json, ATTENTION).stream()
                .map(attends -> attends ? Mixing.ATTENTION : Mixing.CONVOLUTION)
                .toList();
        return json.validated(() -> new LfmConfig(
                json.positive("hidden_size"),
                json.positive("num_attention_heads"),
                json.positive("num_key_value_heads"),
                json.positive("conv_L_cache"),
                json.positive("sliding_window"),
                layers,
                LayerKeys.ropeBase(json),
                json.epsilon("norm_eps")));
    }
}
