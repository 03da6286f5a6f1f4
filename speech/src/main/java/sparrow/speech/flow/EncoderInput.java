package sparrow.speech.flow;

import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.tensor.kernel.Block;

/**
 * The input layer of a conformer (LinearNoSubsampling): a linear layer, a norm, and the position module's scale factor.
 */
public record EncoderInput(Linear linear, Norm norm) {
    /** Reads {@code name.out.0} and {@code name.out.1}, which preserve the width. */
    public static EncoderInput load(LayerReader reader, String name, int width) {
        return new EncoderInput(reader.linear(name + ".out.0", width, width), reader.norm(name + ".out.1", width));
    }

    /**
     * Applies the layer to x [rows, width], multiplies the result by the square root of the width, and returns it as a
     * new block [rows, width].
     */
    public Block of(Block x) {
        Block y = norm.layers(linear.of(x));
        float scale = (float) Math.sqrt(y.columns());
        for (int i = 0; i < y.data().length; i++) y.data()[i] *= scale;
        return y;
    }
}
