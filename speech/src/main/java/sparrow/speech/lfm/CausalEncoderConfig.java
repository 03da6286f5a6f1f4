package sparrow.speech.lfm;

import sparrow.speech.layers.Sizes;

/**
 * The sizes of LFM3-Audio's encoder.
 *
 * @param melBins values of an input frame
 * @param channels channels of the convolutions before the layers
 * @param layers sizes of the layers
 * @param outputWidth width of the language model
 */
public record CausalEncoderConfig(int melBins, int channels, LfmConfig layers, int outputWidth) {
    public CausalEncoderConfig {
        Sizes.positive("num_mel_bins", melBins);
        Sizes.positive("channels of the convolutions", channels);
        Sizes.positive("projection_dim", outputWidth);
    }
}
