package sparrow.speech.flow.dit;

import java.util.Arrays;
import java.util.List;
import sparrow.speech.layers.Norm;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The modulation of the estimator by the time of the flow (adaLN), computed once per solver step. A norm without
 * weights followed by shift and scale, n(h) * (1 + scale) + shift, is represented as a norm with bias and weight.
 *
 * @param blocks modulation of each block
 * @param last norm before the output
 */
record Modulation(List<OfBlock> blocks, Norm last) {
    private static final float EPSILON = 1e-6f;

    /** The modulation of the modules of a block. */
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
     * The modulation of a module.
     *
     * @param norm norm of the input
     * @param gate factor of each channel of the output
     */
    record OfModule(Norm norm, float[] gate) {
        /** Creates the modulation from consecutive shift, scale and gate. */
        static OfModule of(Kernels kernels, float[] values) {
            int width = values.length / 3;
            Norm norm = Modulation.norm(kernels, Arrays.copyOf(values, 2 * width));
            return new OfModule(norm, Arrays.copyOfRange(values, 2 * width, 3 * width));
        }

        /** x += gate * y at each frame, [frames, channels]. */
        void add(Block y, Block x) {
            norm.kernels().addGated(gate, y, x);
        }
    }

    /** Creates a norm from consecutive shift and scale. */
    static Norm norm(Kernels kernels, float[] values) {
        int width = values.length / 2;
        float[] weight = Arrays.copyOfRange(values, width, 2 * width);
        for (int c = 0; c < width; c++) weight[c] += 1;
        return new Norm(kernels, weight, Arrays.copyOf(values, width), EPSILON);
    }
}
