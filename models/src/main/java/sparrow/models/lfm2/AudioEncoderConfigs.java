package sparrow.models.lfm2;

import sparrow.formats.JsonFile;
import sparrow.speech.fastconformer.FastConformerConfig;

/** The sections {@code preprocessor} and {@code encoder} in the {@code config.json} of an LFM2-Audio checkpoint. */
public final class AudioEncoderConfigs {
    private AudioEncoderConfigs() {}

    /**
     * Reads the sizes of the speech encoder.
     *
     * @param json the complete file
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     */
    public static FastConformerConfig read(JsonFile json) {
        JsonFile front = json.section("preprocessor");
        JsonFile encoder = json.section("encoder");
        expectFrontEnd(front);
        expectEncoder(encoder);
        int width = encoder.positive("d_model");
        long feedForward = (long) encoder.positive("ff_expansion_factor") * width;
        if (feedForward > Integer.MAX_VALUE) throw encoder.wrong("ff_expansion_factor", "a smaller number");
        int features = front.positive("features");
        encoder.expect("feat_in", features);
        return encoder.validated(() -> new FastConformerConfig(
                features,
                width,
                encoder.positive("n_heads"),
                encoder.positive("n_layers"),
                encoder.positive("subsampling_conv_channels"),
                (int) feedForward,
                encoder.positive("conv_kernel_size"),
                json.section("lfm").positive("hidden_size")));
    }

    private static void expectFrontEnd(JsonFile json) {
        json.expect("sample_rate", 16_000);
        json.expect("normalize", "per_feature");
        expectNumber(json, "window_size", 0.025);
        expectNumber(json, "window_stride", 0.01);
        json.expect("window", "hann");
        json.expect("n_fft", 512);
        json.expectIfPresent("log", true);
        json.expectIfPresent("frame_splicing", 1);
        json.expectIfPresent("pad_to", 0);
        if (json.has("pad_value")) expectNumber(json, "pad_value", 0);
    }

    private static void expectNumber(JsonFile json, String key, double value) {
        if (json.number(key) != value) throw json.wrong(key, String.valueOf(value));
    }

    /** Rejects settings that the official encoder does not support. */
    private static void expectEncoder(JsonFile json) {
        json.expect("subsampling", "dw_striding");
        json.expect("subsampling_factor", 8);
        json.expect("self_attention_model", "rel_pos");
        json.expect("conv_norm_type", "batch_norm");
        json.expectIfPresent("feat_out", -1);
        json.expectIfPresent("causal_downsampling", false);
        json.expectIfPresent("reduction_factor", 1);
        json.expectIfPresent("xscaling", false);
        json.expectIfPresent("untie_biases", true);
        for (String key : new String[] {"reduction", "conv_context_size"}) {
            if (json.has(key)) throw json.wrong(key, "null");
        }
        if (json.has("att_context_size")
                && json.integers("att_context_size").stream().anyMatch(size -> size != -1)) {
            throw json.wrong("att_context_size", "[-1,-1]");
        }
    }
}
