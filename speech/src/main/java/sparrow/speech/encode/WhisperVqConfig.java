package sparrow.speech.encode;

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
        atLeast(1, melBins, "num_mel_bins");
        atLeast(1, width, "d_model");
        atLeast(1, heads, "encoder_attention_heads");
        atLeast(1, ffnWidth, "encoder_ffn_dim");
        atLeast(1, layers, "quantize_position");
        atLeast(1, blockFrames, "quantize_causal_block_size");
        atLeast(1, pooledFrames, "pooling_kernel_size");
        atLeast(1, codes, "quantize_vocab_size");
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "encoder_attention_heads: expected a divisor of d_model " + width + ", got " + heads);
        }
        if (WhisperVq.PIECE_FRAMES % pooledFrames != 0) {
            throw new IllegalArgumentException("pooling_kernel_size: expected a divisor of the "
                    + WhisperVq.PIECE_FRAMES + " frames of a piece, got " + pooledFrames);
        }
        atLeast(WhisperVq.PIECE_FRAMES, maxFrames, "max_source_positions");
    }

    /** Codes per second. */
    public double codesPerSecond() {
        return 50.0 / pooledFrames;
    }

    private static void atLeast(int least, int value, String key) {
        if (value < least) throw new IllegalArgumentException(key + ": expected " + least + " or more, got " + value);
    }
}
