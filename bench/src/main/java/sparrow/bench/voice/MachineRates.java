package sparrow.bench.voice;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.Matrix;

/**
 * What this machine gives the engine's own kernels at best, with all threads: what the stages are held against.
 *
 * @param gflops of a linear layer of f32 on many rows, out of the cache: 10^9 operations a second
 * @param gbPerS of a linear layer of f32 on one row, whose weights come out of memory: 10^9 bytes a second
 */
public record MachineRates(double gflops, double gbPerS) {
    /** Time for each of the two. */
    private static final long NANOS = 800_000_000;

    private static final int TILE_ROWS = 384;
    private static final int TILE_SIZE = 512;

    /** 192 MiB: more than a cache holds. */
    private static final int READ_ROWS = 12 << 10;

    private static final int READ_COLUMNS = 4096;

    /** Measures, in about two seconds. */
    static MachineRates measure(Kernels kernels) {
        try (Arena arena = Arena.ofShared()) {
            double operations = 2.0 * TILE_ROWS * TILE_SIZE * TILE_SIZE;
            double seconds = best(kernels, TILE_ROWS, TILE_SIZE, TILE_SIZE, arena);
            double bytes = (double) READ_ROWS * READ_COLUMNS * Float.BYTES;
            return new MachineRates(
                    operations / seconds / 1e9, bytes / best(kernels, 1, READ_ROWS, READ_COLUMNS, arena) / 1e9);
        }
    }

    /** The best of as many runs as there is time for: whatever else the machine does only slows one down. */
    private static double best(Kernels kernels, int rows, int out, int in, Arena arena) {
        float[] values = new float[out * in];
        Random random = new Random(1);
        for (int i = 0; i < in; i++) values[i] = random.nextFloat() - 0.5f;
        for (int row = 1; row < out; row++) System.arraycopy(values, 0, values, row * in, in);
        Weight weight = kernels.pack(Matrix.copyOf(values, out, in, arena), arena);
        Block x = Block.of(Arrays.copyOf(values, rows * in), rows, in);
        Block y = Block.of(new float[rows * out], rows, out);
        long best = Long.MAX_VALUE;
        long end = System.nanoTime() + NANOS;
        do {
            long start = System.nanoTime();
            kernels.linear(x, weight, null, y);
            best = Math.min(best, System.nanoTime() - start);
        } while (System.nanoTime() < end);
        return best / 1e9;
    }
}
