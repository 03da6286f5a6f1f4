package sparrow.bench.voice;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import sparrow.app.options.JitWatch;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * The maximum measured rates of matrix products on this machine with all threads, used as a reference for stages.
 *
 * @param gflops 10^9 operations per second of an f32 linear layer on many rows with weights in the cache, or of the
 *     fastest stage
 * @param gbPerS 10^9 bytes per second of an f32 linear layer on one row with weights in memory, or of the fastest stage
 */
record MachineRates(double gflops, double gbPerS) {
    /** Duration of a measurement, which is repeated until the JIT compiler is almost idle. */
    private static final long NANOS = 800_000_000;

    private static final long MAX_NANOS = 3_000_000_000L;

    private static final double QUIET_JIT = 0.03;

    private static final int TILE_ROWS = 384;
    private static final int TILE_SIZE = 512;

    /** Number of rows in a matrix of 192 MiB, which is larger than any cache. */
    private static final int READ_ROWS = 12 << 10;

    private static final int READ_COLUMNS = 4096;

    /**
     * Returns the maximum of these rates and a stage's. A stage may be faster because of 16-bit numbers or weights in
     * the cache.
     */
    MachineRates orMore(double stageGflops, double stageGbPerS) {
        return new MachineRates(Math.max(gflops, stageGflops), Math.max(gbPerS, stageGbPerS));
    }

    /** Measures the rates of this machine for at least two seconds, until the kernels have been compiled. */
    static MachineRates measure(Kernels kernels) {
        try (Arena arena = Arena.ofShared()) {
            double operations = 2.0 * TILE_ROWS * TILE_SIZE * TILE_SIZE;
            double seconds = best(kernels, TILE_ROWS, TILE_SIZE, TILE_SIZE, arena);
            double bytes = (double) READ_ROWS * READ_COLUMNS * Float.BYTES;
            return new MachineRates(
                    operations / seconds / 1e9, bytes / best(kernels, 1, READ_ROWS, READ_COLUMNS, arena) / 1e9);
        }
    }

    /** Returns the fastest time of repeated runs, because other work on the machine only slows runs down. */
    private static double best(Kernels kernels, int rows, int out, int in, Arena arena) {
        float[] values = new float[out * in];
        Random random = new Random(1);
        for (int i = 0; i < in; i++) values[i] = random.nextFloat() - 0.5f;
        for (int row = 1; row < out; row++) System.arraycopy(values, 0, values, row * in, in);
        Weight weight = kernels.pack(Matrix.copyOf(values, out, in, arena), arena);
        Block x = Block.of(Arrays.copyOf(values, rows * in), rows, in);
        Block y = Block.of(new float[rows * out], rows, out);
        long best = Long.MAX_VALUE;
        long latest = System.nanoTime() + MAX_NANOS;
        JitWatch jit;
        do {
            jit = new JitWatch();
            long end = System.nanoTime() + NANOS;
            do {
                long start = System.nanoTime();
                kernels.linear(x, weight, null, y);
                best = Math.min(best, System.nanoTime() - start);
            } while (System.nanoTime() < end);
        } while (jit.share() > QUIET_JIT && System.nanoTime() < latest);
        return best / 1e9;
    }
}
