package sparrow.speech.fastconformer;

import sparrow.speech.layers.Sizes;

/**
 * Configuration of LFM2-Audio's encoder and adapter (sections {@code preprocessor} and {@code encoder} of the
 * checkpoint's configuration). The adapter's inner width is {@code outputWidth}.
 *
 * @param melBins number of values per input frame ({@code features})
 * @param width number of channels of the residual stream ({@code d_model}), which must be even
 * @param heads number of attention heads, each {@code width / heads} wide ({@code n_heads})
 * @param layers number of encoder layers ({@code n_layers})
 * @param channels number of channels of the convolutions before the layers ({@code subsampling_conv_channels})
 * @param feedForward hidden size of a feed-forward module ({@code ff_expansion_factor * d_model})
 * @param kernel number of frames that a layer's convolution reads ({@code conv_kernel_size}), which must be odd
 * @param outputWidth hidden size of the language model ({@code hidden_size})
 */
public record FastConformerConfig(
        int melBins, int width, int heads, int layers, int channels, int feedForward, int kernel, int outputWidth) {
    public FastConformerConfig {
        Sizes.positive("features", melBins);
        Sizes.positive("d_model", width);
        Sizes.positive("n_heads", heads);
        Sizes.positive("n_layers", layers);
        Sizes.positive("subsampling_conv_channels", channels);
        Sizes.positive("ff_expansion_factor * d_model", feedForward);
        Sizes.positive("conv_kernel_size", kernel);
        Sizes.positive("hidden_size", outputWidth);
        Sizes.headed("d_model", width, heads);
        if (kernel % 2 == 0) {
            throw new IllegalArgumentException("conv_kernel_size: expected an odd number, got " + kernel);
        }
    }
}
