package sparrow.speech.encode;

import sparrow.speech.layers.LayerReader;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/** The vectors with which pooled frames are quantised. */
final class Codebook {
    /** Number of rows whose products with all codes are in memory at the same time. */
    private static final int BLOCK_ROWS = 32;

    private final Kernels kernels;
    private final int width;
    private final Weight vectors;
    /** Half of each vector's squared length. */
    private final float[] halfSquares;

    Codebook(LayerReader reader, String prefix, WhisperVqConfig config) {
        kernels = reader.kernels();
        width = config.width();
        float[] values = reader.values(prefix + "codebook.weight", config.codes(), width);
        vectors = reader.pack(values, config.codes(), width);
        halfSquares = new float[config.codes()];
        for (int code = 0; code < halfSquares.length; code++) {
            double square = 0;
            for (int c = code * width; c < (code + 1) * width; c++) square += (double) values[c] * values[c];
            halfSquares[code] = (float) (square / 2);
        }
    }

    /**
     * Returns the nearest code for each of the first {@code n} rows of x [rows, width]; if several codes are equally
     * near, the first is returned. Codes are compared by |c|²/2 - x·c, which has the same order as the distances
     * because the length of x is the same for all codes.
     */
    int[] nearest(Block x, int n) {
        int[] nearest = new int[n];
        int codes = halfSquares.length;
        float[] products = new float[Math.min(n, BLOCK_ROWS) * codes];
        for (int from = 0; from < n; from += BLOCK_ROWS) {
            int rows = Math.min(BLOCK_ROWS, n - from);
            Block block = Block.of(products, rows, codes);
            kernels.linear(x.rows(from, from + rows), vectors, null, block);
            for (int r = 0; r < rows; r++) nearest[from + r] = best(products, r * codes);
        }
        return nearest;
    }

    private int best(float[] products, int from) {
        int best = 0;
        for (int code = 1; code < halfSquares.length; code++) {
            if (halfSquares[code] - products[from + code] < halfSquares[best] - products[from + best]) best = code;
        }
        return best;
    }
}
