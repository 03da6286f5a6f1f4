package sparrow.gpu.kernel;

import sparrow.gpu.device.Buffer;

/**
 * Memory of pages for keys and values, as kernels see it. A page holds so many positions in every layer, one layer behind the
 * other, f32: keys [kvHeads * headWidth, positions], then values [kvHeads, positions, headWidth].
 *
 * @param buffer the pages, one behind the other
 * @param layers of the model
 * @param positions of a page, a multiple of {@link AttentionKernels#PART}
 */
public record KvPool(Buffer buffer, int layers, int positions) {
    public KvPool {
        if (layers < 1 || positions < 1 || positions % AttentionKernels.PART != 0) {
            throw new IllegalArgumentException("pages: expected layers and a multiple of " + AttentionKernels.PART
                    + " positions, got " + layers + " and " + positions);
        }
    }
}
