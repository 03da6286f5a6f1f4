package sparrow.speech.encode;

import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.Sizes;

/**
 * Configuration of a WhisperVQ speech tokenizer: the first {@code layers} layers of a Whisper encoder with causal
 * convolutions and block-causal attention, followed by pooling and quantisation.
 *
 * @param melBins number of values per input frame ({@code num_mel_bins})
 * @param width number of channels of the residual stream ({@code d_model})
 * @param heads number of attention heads, each {@code width / heads} wide ({@code encoder_attention_heads})
 * @param ffnWidth inner width of the feed-forward part ({@code encoder_ffn_dim})
 * @param layers number of layers to run ({@code quantize_position})
 * @param blockFrames number of frames per block at 50 Hz; the frames of a block attend to each other and to earlier
 *     blocks ({@code quantize_causal_block_size})
 * @param pooledFrames number of frames per code ({@code pooling_kernel_size})
 * @param codes size of the codebook ({@code quantize_vocab_size})
 * @param maxFrames maximum number of frames ({@code max_source_positions}); 30 s must fit
 */
public record WhisperVqConfig(
        int melBins,
        int width,
        int heads,
        int ffnWidth,
        int layers,
        int blockFrames,
        int pooledFrames,
        int codes,
        int maxFrames) {
    public WhisperVqConfig {
        Sizes.positive("num_mel_bins", melBins);
        Sizes.positive("d_model", width);
        Sizes.positive("encoder_attention_heads", heads);
        Sizes.positive("encoder_ffn_dim", ffnWidth);
        Sizes.positive("quantize_position", layers);
        Sizes.positive("quantize_causal_block_size", blockFrames);
        Sizes.positive("pooling_kernel_size", pooledFrames);
        Sizes.positive("quantize_vocab_size", codes);
        Sizes.divisor("encoder_attention_heads", heads, "d_model", width);
        if (WhisperVq.PIECE_FRAMES % pooledFrames != 0) {
            throw new IllegalArgumentException("pooling_kernel_size: expected a divisor of the "
                    + WhisperVq.PIECE_FRAMES + " frames of a piece, got " + pooledFrames);
        }
        if (maxFrames < WhisperVq.PIECE_FRAMES) {
            throw new IllegalArgumentException(
                    "max_source_positions: expected " + WhisperVq.PIECE_FRAMES + " or more, got " + maxFrames);
        }
    }

    EncoderShape shape() {
        return new EncoderShape(
                melBins,
                width,
                heads,
                ffnWidth,
                layers,
                maxFrames,
                EncoderShape.Padding.CAUSAL,
                new AttentionMask.BlockCausal(blockFrames),
                EncoderShape.Names.HUGGING_FACE);
    }
}
