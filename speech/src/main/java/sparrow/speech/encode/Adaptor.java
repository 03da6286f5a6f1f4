package sparrow.speech.encode;

import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/** Converts pooled frames to half as many language model rows with a convolution and two linear layers. */
final class Adaptor {
    private static final String NAME = "adapter.";

    private final Kernels kernels;
    private final Convolution convolution;
    private final Linear widen;
    private final Linear out;

    Adaptor(LayerReader reader, AudioEncoderConfig config) {
        kernels = reader.kernels();
        int width = config.width();
        convolution = reader.convolution(
                NAME + "conv", width, width, AudioEncoderConfig.ADAPTOR_KERNEL, AudioEncoderConfig.ADAPTOR_STRIDE, 1);
        int inner = reader.checkpoint()
                .tensor(NAME + "linear1.weight", -1, width)
                .shape()
                .getFirst();
        widen = reader.linear(NAME + "linear1", inner, width);
        out = reader.linear(NAME + "linear2", config.outputWidth(), inner);
    }

    /**
     * Returns the first {@code n} patches [n, outputWidth] of pooled frames [rows, width]. Zeros are used after the
     * last row.
     */
    Block patches(Block pooled, int n) {
        Block x = Block.of(new float[n * convolution.out()], n, convolution.out());
        convolution.into(pooled, x);
        kernels.apply(Activation.GELU, x);
        Block inner = widen.of(x);
        kernels.apply(Activation.RELU, inner);
        return out.of(inner);
    }
}
