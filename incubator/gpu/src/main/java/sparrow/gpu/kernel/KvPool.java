package sparrow.gpu.kernel;

import sparrow.gpu.device.Buffer;

/**
 * The memory of all key and value pages, as used by kernels. A page stores a number of positions in every layer, one
 * layer after another, in f32: keys [kvHeads * headWidth, positions], then values [kvHeads, positions, headWidth].
 *
 * @param buffer the pages, one after another
 * @param layers number of layers in the model
 * @param positions number of positions per page, a multiple of {@link AttentionKernels#PART}
 */
public record KvPool(Buffer buffer, int layers, int positions) {
    public KvPool {
        if (layers < 1 || positions < 1 || positions % AttentionKernels.PART != 0) {
            throw new IllegalArgumentException("pages: expected layers and a multiple of " + AttentionKernels.PART
                    + " positions, got " + layers + " and " + positions);
        }
    }
}
