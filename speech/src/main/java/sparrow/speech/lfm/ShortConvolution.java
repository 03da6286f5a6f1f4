package sparrow.speech.lfm;

import java.util.Arrays;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Block;

/**
 * LFM2's gated short convolution. A row is projected to [b | c | z]. A depthwise causal convolution is applied to b z.
 * The convolution's output is multiplied by c and projected to the result.
 */
final class ShortConvolution implements LfmLayer.Mixer {
    private final int width;
    private final Linear in;
    private final Linear out;

    /** Filter taps, [taps][width]; the last tap is applied to the current row. */
    private final float[][] taps;

    ShortConvolution(LayerReader reader, String name, LfmConfig config) {
        width = config.width();
        in = reader.linearWithoutBias(name + "in_proj", 3 * width, width);
        out = reader.linearWithoutBias(name + "out_proj", width, width);
        float[] weights = reader.values(name + "conv.weight", width, 1, config.taps());
        taps = new float[config.taps()][width];
        for (int i = 0; i < weights.length; i++) taps[i % taps.length][i / taps.length] = weights[i];
    }

    @Override
    public Sequence start() {
        return new Convolved(new float[(taps.length - 1) * width]);
    }

    private final class Convolved implements Sequence {
        /** Products b z of the newest rows, [taps - 1, width]; zeros at the beginning. */
        private float[] history;

        Convolved(float[] history) {
            this.history = history;
        }

        @Override
        public Convolved copy() {
            return new Convolved(history);
        }

        @Override
        public Block mix(Block x, Workspace workspace) {
            int rows = x.rows();
            Block projected = in.of(x, workspace);
            Block gated = workspace.take(taps.length - 1 + rows, width);
            System.arraycopy(history, 0, gated.data(), 0, history.length);
            for (int r = 0; r < rows; r++) gate(projected.data(), r, gated.data(), history.length + r * width);
            // A new array is required because a copy of the sequence may use the old array.
            history = Arrays.copyOfRange(gated.data(), rows * width, rows * width + history.length);
            Block convolved = workspace.take(rows, width);
            for (int r = 0; r < rows; r++) convolve(gated.data(), projected.data(), r, convolved.data());
            workspace.release(gated);
            workspace.release(projected);
            Block y = out.of(convolved, workspace);
            workspace.release(convolved);
            return y;
        }
    }

    /** Computes b z for a row. */
    private void gate(float[] projected, int row, float[] gated, int to) {
        int b = row * 3 * width;
        int z = b + 2 * width;
        for (int c = 0; c < width; c++) gated[to + c] = projected[b + c] * projected[z + c];
    }

    /** Computes the convolution at a row and multiplies the result by c. */
    private void convolve(float[] gated, float[] projected, int row, float[] y) {
        int to = row * width;
        for (int tap = 0; tap < taps.length; tap++) {
            int from = (row + tap) * width;
            float[] weights = taps[tap];
            if (tap == 0) {
                for (int c = 0; c < width; c++) y[to + c] = weights[c] * gated[from + c];
            } else {
                for (int c = 0; c < width; c++) y[to + c] += weights[c] * gated[from + c];
            }
        }
        int gate = (3 * row + 1) * width;
        for (int c = 0; c < width; c++) y[to + c] *= projected[gate + c];
    }
}
