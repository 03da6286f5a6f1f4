package sparrow.speech.encode;

import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The two convolutions before the layers, with three taps each. The second convolution has stride 2. GELU is applied
 * after each convolution, and the position embeddings are then added to the result.
 */
final class ConvStem {
    /** Number of mel frames per encoder frame. */
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

    /**
     * Applies the first convolution to features [mel frames, mel bins] and returns [rows, width]. There must be at most
     * one row per frame.
     */
    Block first(Block features, int rows) {
        return run(first, features, rows);
    }

    /** Applies the second convolution to the output of {@link #first} and returns [rows, width], without positions. */
    Block second(Block x, int rows) {
        return run(second, x, rows);
    }

    /** Adds the position embeddings in place. The result is the input of the first layer. */
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
