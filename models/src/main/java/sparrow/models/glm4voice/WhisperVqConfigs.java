package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Path;
import sparrow.formats.JsonFile;
import sparrow.speech.encode.WhisperVqConfig;

/** Reads the {@code config.json} and {@code preprocessor_config.json} in a speech tokenizer's folder. */
public final class WhisperVqConfigs {
    private WhisperVqConfigs() {}

    /**
     * Returns the sizes. Settings that Sparrow's encoder and features do not vary must have the supported value.
     *
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     * @throws IOException if a file cannot be read
     */
    public static WhisperVqConfig config(Path folder) throws IOException {
        JsonFile encoder = JsonFile.read(folder.resolve("config.json"));
        expectKnownArchitecture(encoder);
        expectKnownFeatures(
                JsonFile.read(folder.resolve("preprocessor_config.json")), encoder.positive("num_mel_bins"));
        return encoder.validated(() -> new WhisperVqConfig(
                encoder.positive("num_mel_bins"),
                encoder.positive("d_model"),
                encoder.positive("encoder_attention_heads"),
                encoder.positive("encoder_ffn_dim"),
                encoder.positive("quantize_position"),
                encoder.positive("quantize_causal_block_size"),
                encoder.positive("pooling_kernel_size"),
                encoder.positive("quantize_vocab_size"),
                encoder.positive("max_source_positions")));
    }

    private static void expectKnownArchitecture(JsonFile json) {
        json.expect("model_type", "whisper");
        json.expect("activation_function", "gelu");
        json.expect("encoder_causal_convolution", true);
        json.expect("encoder_causal_attention", false);
        json.expect("quantize_causal_encoder", false);
        json.expect("quantize_encoder_only", true);
        json.expect("pooling_type", "avg");
        int quantised = json.positive("quantize_position");
        json.expect("pooling_position", quantised);
        if (quantised > json.positive("encoder_layers")) {
            throw json.wrong("quantize_position", "at most encoder_layers");
        }
    }

    private static void expectKnownFeatures(JsonFile json, int melBins) {
        json.expectIfPresent("feature_extractor_type", "WhisperFeatureExtractor");
        json.expect("feature_size", melBins);
        json.expect("sampling_rate", 16_000);
        json.expect("hop_length", 160);
        json.expect("n_fft", 400);
        json.expectIfPresent("chunk_length", 30);
        json.expectIfPresent("padding_side", "right");
        if (json.number("padding_value", 0) != 0) throw json.wrong("padding_value", "0");
        json.expectIfPresent("do_normalize", false);
    }
}
