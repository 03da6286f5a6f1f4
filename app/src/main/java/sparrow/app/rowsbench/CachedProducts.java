package sparrow.app.rowsbench;

import java.util.Arrays;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;

/**
 * What this machine computes with the model's own kernels where memory does not hold it up: rows of the output matrix that
 * stay in a cache, all threads.
 */
final class CachedProducts {
    /** Of weights for each thread: enough that handing out work does not count, and less than caches hold. */
    private static final long BYTES_A_THREAD = 768 << 10;

    private static final long NANOS = 300_000_000;

    private CachedProducts() {}

    /** Multiply-adds a second of products with so many rows; the best of as many as there is time for. */
    static double perSecond(LanguageModel model, int rows) {
        Kernels kernels = model.transformer().kernels();
        Weight weight = part(model.transformer().output(), kernels.pool().threads());
        float[] values = new float[rows * weight.columns()];
        Arrays.fill(values, 0.5f);
        Block x = Block.of(values, rows, weight.columns());
        Block y = Block.of(new float[rows * weight.rows()], rows, weight.rows());
        long best = Long.MAX_VALUE;
        long end = System.nanoTime() + NANOS;
        do {
            long start = System.nanoTime();
            kernels.linear(x, weight, null, y);
            best = Math.min(best, System.nanoTime() - start);
        } while (System.nanoTime() < end);
        return (double) rows * weight.rows() * weight.columns() * 1e9 / best;
    }

    /** As many groups of rows as the caches of all threads hold, one or more for each thread. */
    private static Weight part(Weight whole, int threads) {
        long group = whole.bytes() * Weight.ROW_GROUP / whole.rows();
        long groups = threads * Math.max(1, BYTES_A_THREAD / Math.max(1, group));
        return whole.rows(0, (int) Math.min(whole.rows(), groups * Weight.ROW_GROUP));
    }
}
