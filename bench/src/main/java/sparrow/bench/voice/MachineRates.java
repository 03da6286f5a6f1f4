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
 * The most that this machine was seen to give in matrix products, with all threads: the ceiling of the stages.
 *
 * @param gflops 10^9 operations a second, of a linear layer of f32 on many rows out of the cache, or of the best stage
 * @param gbPerS 10^9 bytes a second, of a linear layer of f32 on one row out of memory, or of the best stage
 */
record MachineRates(double gflops, double gbPerS) {
    /** Time for each of the two, and again until the JIT is quiet. */
    private static final long NANOS = 800_000_000;

    private static final long MOST_NANOS = 3_000_000_000L;

    private static final double QUIET_JIT = 0.03;

    private static final int TILE_ROWS = 384;
    private static final int TILE_SIZE = 512;

    /** 192 MiB: more than a cache holds. */
    private static final int READ_ROWS = 12 << 10;

    private static final int READ_COLUMNS = 4096;

    /** The same, or more where a stage gave more: numbers of 16 bits, or weights that fit the cache. */
    MachineRates orMore(double stageGflops, double stageGbPerS) {
        return new MachineRates(Math.max(gflops, stageGflops), Math.max(gbPerS, stageGbPerS));
    }

    /** Measures, in two seconds or a few more: kernels that are not compiled yet say nothing of the machine. */
    static MachineRates measure(Kernels kernels) {
        try (Arena arena = Arena.ofShared()) {
            double operations = 2.0 * TILE_ROWS * TILE_SIZE * TILE_SIZE;
            double seconds = best(kernels, TILE_ROWS, TILE_SIZE, TILE_SIZE, arena);
            double bytes = (double) READ_ROWS * READ_COLUMNS * Float.BYTES;
            return new MachineRates(
                    operations / seconds / 1e9, bytes / best(kernels, 1, READ_ROWS, READ_COLUMNS, arena) / 1e9);
        }
    }

    /** The best of as many runs as there is time for: other work of the machine only slows one down. */
    private static double best(Kernels kernels, int rows, int out, int in, Arena arena) {
        float[] values = new float[out * in];
        Random random = new Random(1);
        for (int i = 0; i < in; i++) values[i] = random.nextFloat() - 0.5f;
        for (int row = 1; row < out; row++) System.arraycopy(values, 0, values, row * in, in);
        Weight weight = kernels.pack(Matrix.copyOf(values, out, in, arena), arena);
        Block x = Block.of(Arrays.copyOf(values, rows * in), rows, in);
        Block y = Block.of(new float[rows * out], rows, out);
        long best = Long.MAX_VALUE;
        long latest = System.nanoTime() + MOST_NANOS;
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
