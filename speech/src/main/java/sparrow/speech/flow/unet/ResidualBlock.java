package sparrow.speech.flow.unet;

import sparrow.speech.layers.Batch;
import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * A residual block of the estimator (Matcha's ResnetBlock1D): two normalised convolutions, between which the time is
 * added.
 */
final class ResidualBlock {
    /** A convolution over three frames, followed by a group norm over each sequence and Mish. */
    record Normed(Convolution convolution, Norm norm) {
        private static final int GROUPS = 8;

        static Normed load(LayerReader reader, String name, int out, int in) {
            return new Normed(reader.convolution(name + ".block.0", out, in, 3), reader.norm(name + ".block.1", out));
        }

        /** Applies the layers to x. The result is taken from the workspace. */
        Batch run(Batch x, Workspace workspace) {
            Batch y = x.convolved(convolution, workspace);
            for (int s = 0; s < y.sequences(); s++) norm.groups(GROUPS, y.sequence(s));
            norm.kernels().apply(Activation.MISH, y.all());
            return y;
        }
    }

    private final Kernels kernels;
    private final Normed first;
    private final Linear time;
    private final Normed second;
    private final Convolution shortcut;

    ResidualBlock(LayerReader reader, String name, int out, int in, int timeWidth) {
        this.kernels = reader.kernels();
        this.first = Normed.load(reader, name + ".block1", out, in);
        this.time = reader.linear(name + ".mlp.1", out, timeWidth);
        this.second = Normed.load(reader, name + ".block2", out, out);
        this.shortcut = reader.convolution(name + ".res_conv", out, in, 1);
    }

    /**
     * Applies the block to x. The result is taken from the workspace.
     *
     * @param activeTime time embedding after Mish, [1, timeWidth]
     */
    Batch run(Batch x, Block activeTime, Workspace workspace) {
        Batch h = first.run(x, workspace);
        float[] shift = time.of(activeTime).data();
        for (int at = 0; at < h.data().length; at += shift.length) {
            kernels.addScaled(1, shift, 0, h.data(), at, shift.length);
        }
        Batch y = second.run(h, workspace);
        shortcut.weights().into(x.all(), h.all());
        kernels.addScaled(1, h.all(), y.all());
        workspace.release(h);
        return y;
    }
}
