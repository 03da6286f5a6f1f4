package sparrow.speech.flow.dit;

import sparrow.speech.layers.Batch;
import sparrow.speech.layers.CausalConvolution;
import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.FrameTail;
import sparrow.speech.layers.LayerReader;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Mixes a few later rows into each row (PreLookaheadLayer): a convolution over later rows, a convolution over earlier
 * rows, and the row itself. Rows without a complete look-ahead produce no output.
 */
final class LookAhead {
    private static final int BACK_KERNEL = 3;

    private final Kernels kernels;
    private final Convolution ahead;
    private final CausalConvolution back;

    LookAhead(LayerReader reader, String name, DitFlowConfig.Encoder config) {
        int width = config.width();
        this.kernels = reader.kernels();
        this.ahead = reader.convolution(name + ".conv1", width, width, config.lookahead() + 1, 1, 0);
        this.back = reader.causalConvolution(name + ".conv2", width, width, BACK_KERNEL);
    }

    /** Returns the frames before the first chunk. */
    FrameTail start() {
        return back.start(1);
    }

    /** Applies the layer to x [rows + look-ahead, width], a whole array; returns a new [rows, width]. */
    Block of(Block x, FrameTail tail) {
        Block seen = ahead.of(x);
        kernels.apply(Activation.LEAKY_RELU_0_01, seen);
        Batch y = back.of(new Batch(seen.data(), 1, seen.rows(), seen.columns()), tail);
        kernels.addScaled(1, x.data(), 0, y.data(), 0, y.data().length);
        return y.all();
    }
}
