package sparrow.speech.encode;

import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The two convolutions in front of the layers, three taps each, the second with stride 2. GELU follows each, then the
 * position table.
 */
final class ConvStem {
    /** Mel frames per encoder frame. */
    static final int STRIDE = 2;

    private static final int TAPS = 3;

    private final Kernels kernels;
    private final Convolution first;
    private final Convolution second;
    private final float[] positions;

    ConvStem(LayerReader reader, String prefix, EncoderShape shape) {
        kernels = reader.kernels();
        int width = shape.width();
        int padding = shape.padding().rows;
        first = reader.convolution(prefix + "conv1", width, shape.melBins(), TAPS, 1, padding);
        second = reader.convolution(prefix + "conv2", width, width, TAPS, STRIDE, padding);
        positions = reader.values(prefix + shape.names().positions() + ".weight", shape.positions(), width);
    }

    /** The first convolution: features [mel frames, mel bins] to [rows, width], at most one for each frame. */
    Block first(Block features, int rows) {
        return run(first, features, rows);
    }

    /** The second convolution, still without positions: the output of {@link #first} to [rows, width]. */
    Block second(Block x, int rows) {
        return run(second, x, rows);
    }

    /** Adds the positions in place: the first layer's input. */
    void place(Block x) {
        kernels.addScaled(1, positions, 0, x.data(), x.offset(), x.rows() * x.columns());
    }

    private Block run(Convolution convolution, Block x, int rows) {
        Block y = Block.of(new float[rows * convolution.out()], rows, convolution.out());
        convolution.into(x, y);
        kernels.apply(Activation.GELU, y);
        return y;
    }
}
