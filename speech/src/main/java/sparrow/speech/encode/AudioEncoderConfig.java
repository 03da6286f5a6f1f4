package sparrow.speech.encode;

import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.Sizes;

/**
 * The sizes of Step-Audio-2's audio encoder and adaptor ({@code audio_encoder_config} of the checkpoint). The
 * feed-forward part of a layer is four times as wide as the residual stream. The inner width of the adaptor is read
 * from the shapes of its tensors.
 *
 * @param melBins values of an input frame ({@code n_mels})
 * @param maxPositions maximum number of frames of a piece of sound, at 50 Hz ({@code n_audio_ctx})
 * @param width channels of the residual stream ({@code n_audio_state})
 * @param heads attention heads, each {@code width / heads} wide ({@code n_audio_head})
 * @param layers layers of the encoder ({@code n_audio_layer})
 * @param outputWidth width of the language model ({@code llm_dim})
 */
public record AudioEncoderConfig(int melBins, int maxPositions, int width, int heads, int layers, int outputWidth) {
    /** Number of pooled frames that a patch reads; the only supported {@code kernel_size}. */
    public static final int ADAPTOR_KERNEL = 3;

    /** Number of pooled frames from one patch to the next; the only supported {@code adapter_stride}. */
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
                EncoderShape.Names.OPENAI);
    }
}
