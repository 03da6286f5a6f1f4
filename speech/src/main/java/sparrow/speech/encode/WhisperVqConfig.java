package sparrow.speech.encode;

import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.Sizes;

/**
 * Sizes of a WhisperVQ speech tokenizer: the encoder half of Whisper with causal convolutions and block-causal
 * attention, cut after {@code layers} layers, pooled and quantised there.
 *
 * @param melBins values of an input frame ({@code num_mel_bins})
 * @param width of the residual stream ({@code d_model})
 * @param heads attention heads, each {@code width / heads} wide ({@code encoder_attention_heads})
 * @param ffnWidth inner width of the feed-forward part ({@code encoder_ffn_dim})
 * @param layers that run, counted from the input ({@code quantize_position})
 * @param blockFrames frames at 50 Hz that see each other and all before them ({@code quantize_causal_block_size})
 * @param pooledFrames frames that one code stands for ({@code pooling_kernel_size})
 * @param codes in the codebook ({@code quantize_vocab_size})
 * @param maxFrames frames that have a position ({@code max_source_positions}); 30 s must fit
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
                WhisperNames.HUGGING_FACE);
    }
}
