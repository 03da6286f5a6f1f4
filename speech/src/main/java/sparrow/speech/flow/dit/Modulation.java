package sparrow.speech.flow.dit;

import java.util.Arrays;
import java.util.List;
import sparrow.speech.layers.Norm;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The modulation of the estimator by the time of the flow (adaLN). It depends on nothing else, and is computed once for a
 * solver step. Shift and scale of a norm without weights of its own, n(h) * (1 + scale) + shift, are the bias and weight of
 * that norm.
 *
 * @param blocks for each block
 * @param last norm before the output
 */
record Modulation(List<OfBlock> blocks, Norm last) {
    private static final float EPSILON = 1e-6f;

    /** The modules of one block. */
    record OfBlock(OfModule attention, OfModule feed, OfModule convolution) {
        /** Chunks a block makes of the time: shift, scale and gate for each of three modules. */
        static final int CHUNKS = 9;

        /** From {@code values} [CHUNKS * width]. */
        static OfBlock of(Kernels kernels, float[] values) {
            int module = values.length / CHUNKS * 3;
            return new OfBlock(
                    OfModule.of(kernels, Arrays.copyOfRange(values, 0, module)),
                    OfModule.of(kernels, Arrays.copyOfRange(values, module, 2 * module)),
                    OfModule.of(kernels, Arrays.copyOfRange(values, 2 * module, 3 * module)));
        }
    }

    /**
     * One module.
     *
     * @param norm of its input
     * @param gate factor of its output, for each channel
     */
    record OfModule(Norm norm, float[] gate) {
        /** From shift, scale and gate, one after the other. */
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

    /** From shift and scale, one after the other. */
    static Norm norm(Kernels kernels, float[] values) {
        int width = values.length / 2;
        float[] weight = Arrays.copyOfRange(values, width, 2 * width);
        for (int c = 0; c < width; c++) weight[c] += 1;
        return new Norm(kernels, weight, Arrays.copyOf(values, width), EPSILON);
    }
}
