package sparrow.speech.encode;

import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.Sizes;

/**
 * Sizes of Step-Audio-2's audio encoder and adaptor ({@code audio_encoder_config} of the checkpoint). The feed-forward
 * part of a layer is four times as wide as the residual stream. The inner width of the adaptor is that of its tensors.
 *
 * @param melBins values of an input frame ({@code n_mels})
 * @param maxPositions frames at 50 Hz that have a position ({@code n_audio_ctx}): the longest piece of sound
 * @param width of the residual stream ({@code n_audio_state})
 * @param heads attention heads, each {@code width / heads} wide ({@code n_audio_head})
 * @param layers of the encoder ({@code n_audio_layer})
 * @param outputWidth of the language model ({@code llm_dim})
 */
public record AudioEncoderConfig(int melBins, int maxPositions, int width, int heads, int layers, int outputWidth) {
    /** Pooled frames that a patch is made of; the only {@code kernel_size} that is implemented. */
    public static final int ADAPTOR_KERNEL = 3;

    /** Pooled frames from one patch to the next; the only {@code adapter_stride} that is implemented. */
    public static final int ADAPTOR_STRIDE = 2;

    public AudioEncoderConfig {
        Sizes.positive("n_mels", melBins);
        Sizes.positive("n_audio_ctx", maxPositions);
        Sizes.positive("n_audio_state", width);
        Sizes.positive("n_audio_head", heads);
        Sizes.positive("n_audio_layer", layers);
        Sizes.positive("llm_dim", outputWidth);
        Sizes.divisor("n_audio_head", heads, "n_audio_state", width);
    }

    EncoderShape shape() {
        return new EncoderShape(
                melBins,
                width,
                heads,
                4 * width,
                layers,
                maxPositions,
                EncoderShape.Padding.CENTRED,
                new AttentionMask.Full(),
                WhisperNames.OPENAI);
    }
}
