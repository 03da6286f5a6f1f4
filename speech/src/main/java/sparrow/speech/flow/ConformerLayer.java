package sparrow.speech.flow;

import sparrow.engine.kernel.Activation;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;

/** A layer of a conformer without convolution or macaron modules (ConformerEncoderLayer). */
final class ConformerLayer {
    private final Kernels kernels;
    private final Norm attentionNorm;
    private final RelativeAttention attention;
    private final Norm feedNorm;
    private final Linear up;
    private final Linear down;

    ConformerLayer(LayerReader reader, String name, Conformer.Shape shape) {
        int width = shape.width();
        this.kernels = reader.kernels();
        this.attentionNorm = reader.norm(name + ".norm_mha", width, shape.epsilon());
        this.attention = new RelativeAttention(reader, name + ".self_attn", shape);
        this.feedNorm = reader.norm(name + ".norm_ff", width, shape.epsilon());
        this.up = reader.linear(name + ".feed_forward.w_1", shape.feedForward(), width);
        this.down = reader.linear(name + ".feed_forward.w_2", width, shape.feedForward());
    }

    /** Transforms x [rows, width] in place; {@code positions} and {@code past} as in {@link RelativeAttention}. */
    void run(Block x, Block positions, KeyValues past) {
        add(attention.attend(attentionNorm.layers(x), positions, past), x);
        Block hidden = up.of(feedNorm.layers(x));
        kernels.apply(Activation.SILU, hidden);
        add(down.of(hidden), x);
    }

    private void add(Block y, Block x) {
        kernels.addScaled(1, y.data(), 0, x.data(), 0, x.data().length);
    }
}
