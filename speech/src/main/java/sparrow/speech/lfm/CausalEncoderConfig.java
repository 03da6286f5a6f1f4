package sparrow.speech.lfm;

import sparrow.speech.layers.Sizes;

/**
 * Configuration of LFM3-Audio's encoder.
 *
 * @param melBins number of values per input frame
 * @param channels number of channels of the convolutions before the layers
 * @param layers configuration of the layers
 * @param outputWidth hidden size of the language model
 */
public record CausalEncoderConfig(int melBins, int channels, LfmConfig layers, int outputWidth) {
    public CausalEncoderConfig {
        Sizes.positive("num_mel_bins", melBins);
        Sizes.positive("channels of the convolutions", channels);
        Sizes.positive("projection_dim", outputWidth);
    }
}
