package sparrow.speech.encode;

import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.Sizes;

/**
 * Configuration of Step-Audio-2's audio encoder and adaptor ({@code audio_encoder_config} in the checkpoint). The
 * feed-forward part of a layer is four times as wide as the residual stream. The adaptor's inner width is read from its
 * tensor shapes.
 *
 * @param melBins number of values per input frame ({@code n_mels})
 * @param maxPositions maximum number of frames per audio piece, at 50 Hz ({@code n_audio_ctx})
 * @param width number of channels of the residual stream ({@code n_audio_state})
 * @param heads number of attention heads, each {@code width / heads} wide ({@code n_audio_head})
 * @param layers number of encoder layers ({@code n_audio_layer})
 * @param outputWidth hidden size of the language model ({@code llm_dim})
 */
public record AudioEncoderConfig(int melBins, int maxPositions, int width, int heads, int layers, int outputWidth) {
    /** Number of pooled frames that a patch reads. No other {@code kernel_size} is supported. */
    public static final int ADAPTOR_KERNEL = 3;

    /** Number of pooled frames from one patch to the next. No other {@code adapter_stride} is supported. */
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
