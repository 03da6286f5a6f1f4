package sparrow.speech.flow.dit;

import java.util.Arrays;
import java.util.List;
import sparrow.speech.layers.Norm;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The modulation of the estimator by the flow time (adaLN), computed once per solver step. The operation n(h) * (1 +
 * scale) + shift, where n is a norm without weights, is represented as a norm with weight and bias.
 *
 * @param blocks modulation of each block
 * @param last norm preceding the output
 */
record Modulation(List<OfBlock> blocks, Norm last) {
    private static final float EPSILON = 1e-6f;

    /** Modulation of the modules in a block. */
    record OfBlock(OfModule attention, OfModule feed, OfModule convolution) {
        /** Number of vectors per block: shift, scale and gate for each of three modules. */
        static final int CHUNKS = 9;

        /** Creates the modulation from {@code values} [CHUNKS * width]. */
        static OfBlock of(Kernels kernels, float[] values) {
            int module = values.length / CHUNKS * 3;
            return new OfBlock(
                    OfModule.of(kernels, Arrays.copyOfRange(values, 0, module)),
                    OfModule.of(kernels, Arrays.copyOfRange(values, module, 2 * module)),
                    OfModule.of(kernels, Arrays.copyOfRange(values, 2 * module, 3 * module)));
        }
    }

    /**
     * Modulation of a module.
     *
     * @param norm norm applied to the input
     * @param gate factor for each output channel
     */
    record OfModule(Norm norm, float[] gate) {
        /** Creates the modulation from consecutive shift, scale and gate values. */
        static OfModule of(Kernels kernels, float[] values) {
            int width = values.length / 3;
            Norm norm = Modulation.norm(kernels, Arrays.copyOf(values, 2 * width));
            return new OfModule(norm, Arrays.copyOfRange(values, 2 * width, 3 * width));
        }

        /** Computes {@code x += gate * y} at each frame, [frames, channels]. */
        void add(Block y, Block x) {
            norm.kernels().addGated(gate, y, x);
        }
    }

    /** Creates a norm from consecutive shift and scale values. */
    static Norm norm(Kernels kernels, float[] values) {
        int width = values.length / 2;
        float[] weight = Arrays.copyOfRange(values, width, 2 * width);
        for (int c = 0; c < width; c++) weight[c] += 1;
        return new Norm(kernels, weight, Arrays.copyOf(values, width), EPSILON);
    }
}
