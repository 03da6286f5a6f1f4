package sparrow.models.stepaudio;

import java.io.IOException;
import java.nio.file.Path;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.JsonFile;
import sparrow.speech.encode.AudioEncoderConfig;

/**
 * The {@code config.json} of a Step-Audio-2 checkpoint.
 *
 * @param text the language model's section
 * @param transformer the sizes of the language model
 * @param audioEncoder the sizes of the audio encoder
 */
public record StepAudioConfig(JsonFile text, TransformerConfig transformer, AudioEncoderConfig audioEncoder) {
    /** The value of {@code model_type} that names the family. */
    static final String MODEL_TYPE = "step_audio_2";

    /**
     * Reads the file in a folder.
     *
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     * @throws IOException if the file cannot be read
     */
    public static StepAudioConfig read(Path folder) throws IOException {
        JsonFile json = JsonFile.read(folder.resolve("config.json"));
        json.expect("model_type", MODEL_TYPE);
        JsonFile text = json.section("text_config");
        TransformerConfig transformer = Qwen2.config(text);
        return new StepAudioConfig(
                text, transformer, audioEncoder(json.section("audio_encoder_config"), transformer.width()));
    }

    private static AudioEncoderConfig audioEncoder(JsonFile json, int width) {
        json.expect("kernel_size", AudioEncoderConfig.ADAPTOR_KERNEL);
        json.expect("adapter_stride", AudioEncoderConfig.ADAPTOR_STRIDE);
        json.expect("llm_dim", width);
        int state = json.positive("n_audio_state");
        int heads = json.positive("n_audio_head");
        if (state % heads != 0) throw json.wrong("n_audio_head", "a divisor of n_audio_state " + state);
        return json.validated(() -> new AudioEncoderConfig(
                json.positive("n_mels"),
                json.positive("n_audio_ctx"),
                state,
                heads,
                json.positive("n_audio_layer"),
                width));
    }
}
