package sparrow.speech.hift;

import java.util.ArrayList;
import java.util.List;
import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * A residual block of the vocoder. It consists of convolution pairs whose first convolution is dilated; a Snake
 * activation precedes each convolution.
 */
record SnakeBlock(List<Half> firsts, List<Half> seconds) {
    /** A Snake activation with one alpha per channel, followed by a convolution that preserves the number of rows. */
    record Half(float[] alpha, Convolution convolution) {
        static Half load(LayerReader reader, String name, String which, int m, int channels, int kernel, int dilation) {
            return new Half(
                    reader.vector(name + ".activations" + which + "." + m + ".alpha", channels),
                    reader.normedConvolution(name + ".convs" + which + "." + m, channels, channels, kernel, dilation));
        }

        /**
         * Applies the activation and the convolution to x and writes the result to y, both [rows, channels]. The
         * activation is applied to the convolution's copy of x.
         */
        void run(Block x, Block y, Workspace workspace) {
            Kernels kernels = convolution.weights().kernels();
            Block spread = convolution.spread(x, workspace);
            kernels.snake(spread, alpha);
            convolution.product(spread, x.rows(), y);
            workspace.release(spread);
        }
    }

    static SnakeBlock load(LayerReader reader, String name, int channels, HiftConfig.Residual config) {
        List<Half> firsts = new ArrayList<>();
        List<Half> seconds = new ArrayList<>();
        for (int m = 0; m < config.dilations().size(); m++) {
            int dilation = config.dilations().get(m);
            firsts.add(Half.load(reader, name, "1", m, channels, config.kernel(), dilation));
            seconds.add(Half.load(reader, name, "2", m, channels, config.kernel(), 1));
        }
        return new SnakeBlock(List.copyOf(firsts), List.copyOf(seconds));
    }

    /** Applies the block to x [rows, channels]. The result is taken from the workspace. */
    Block of(Block x, Workspace workspace) {
        Block y = workspace.take(x.rows(), x.columns());
        System.arraycopy(x.data(), x.offset(), y.data(), 0, y.data().length);
        Block h = workspace.take(x.rows(), x.columns());
        Block change = workspace.take(x.rows(), x.columns());
        for (int m = 0; m < firsts.size(); m++) {
            firsts.get(m).run(y, h, workspace);
            seconds.get(m).run(h, change, workspace);
            firsts.get(m).convolution().weights().kernels().addScaled(1, change, y);
        }
        workspace.release(h);
        workspace.release(change);
        return y;
    }
}
