package sparrow.speech.fastconformer;

import java.util.Arrays;
import sparrow.speech.layers.DepthwiseTaps;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The convolution module of a conformer: a gated pointwise layer, a centred depthwise convolution over time, a batch
 * norm, SiLU and a pointwise layer. The batch norm's statistics are constant at inference, so the norm is folded into
 * the convolution.
 */
final class ConvolutionModule {
    private static final float BATCH_NORM_EPSILON = 1e-5f;

    /** Name of a batch norm whose statistics are already folded into its weight and bias, as in GGUF files. */
    private static final String FOLDED_NORM = "folded_norm";

    private final Kernels kernels;
    private final Linear widen;
    private final DepthwiseTaps depthwise;
    private final Linear mix;

    ConvolutionModule(LayerReader reader, String name, FastConformerConfig config) {
        kernels = reader.kernels();
        int width = config.width();
        widen = reader.convolution(name + "pointwise_conv1", 2 * width, width, 1)
                .weights();
        String norm = name + "batch_norm.";
        DepthwiseTaps taps = DepthwiseTaps.of(
                reader.values(name + "depthwise_conv.weight", width, 1, config.kernel()),
                reader.vector(name + "depthwise_conv.bias", width));
        depthwise = reader.checkpoint().has(name + FOLDED_NORM + ".weight")
                ? taps.scaled(
                        reader.vector(name + FOLDED_NORM + ".weight", width),
                        reader.vector(name + FOLDED_NORM + ".bias", width))
                : taps.normed(
                        reader.vector(norm + "weight", width),
                        reader.vector(norm + "bias", width),
                        reader.vector(norm + "running_mean", width),
                        reader.vector(norm + "running_var", width),
                        BATCH_NORM_EPSILON);
        mix = reader.convolution(name + "pointwise_conv2", width, width, 1).weights();
    }

    /** Applies the module to x [frames, width]. The result [frames, width] is taken from the workspace. */
    Block of(Block x, Workspace workspace) {
        int taps = depthwise.taps().length;
        int around = taps / 2;
        int rows = x.rows();
        int width = x.columns();
        Block padded = workspace.take(rows + 2 * around, width);
        Arrays.fill(padded.data(), 0, around * width, 0);
        Arrays.fill(padded.data(), (around + rows) * width, padded.data().length, 0);
        Block wide = widen.of(x, workspace);
        gate(wide, padded.rows(around, around + rows));
        workspace.release(wide);

        Block filtered = workspace.take(rows, width);
        for (int r = 0; r < rows; r++) System.arraycopy(depthwise.bias(), 0, filtered.data(), r * width, width);
        for (int tap = 0; tap < taps; tap++) {
            kernels.addGated(depthwise.taps()[tap], padded.rows(tap, tap + rows), filtered);
        }
        workspace.release(padded);
        kernels.apply(Activation.SILU, filtered);
        Block y = mix.of(filtered, workspace);
        workspace.release(filtered);
        return y;
    }

    /** Applies the gated linear unit, which multiplies the first half of each row by the sigmoid of the second half. */
    private void gate(Block wide, Block y) {
        int width = y.columns();
        kernels.pool().forEach(y.rows(), 16L * y.rows() * width, r -> {
            int from = wide.offset() + r * wide.stride();
            int to = y.offset() + r * y.stride();
            for (int c = 0; c < width; c++) {
                y.data()[to + c] = wide.data()[from + c] / (1 + (float) Math.exp(-wide.data()[from + width + c]));
            }
        });
    }
}
