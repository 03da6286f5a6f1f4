package sparrow.engine.kernel;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import sparrow.engine.tensor.Matrix;

/**
 * Whether a device is worth sending linear layers to: one of the least that would be sent is timed there, with all that it
 * brings over and back, and here. Larger ones gain more, since they compute more on every number that is brought.
 */
public final class OffloadTrial {
    private static final int ROWS = 256;
    private static final int SIDE = 512;

    /** Multiply-adds of the layer that is tried: from so many on layers are sent. */
    public static final long LEAST_WORK = (long) ROWS * SIDE * SIDE;

    /** The device must be so many times as fast, so that noise does not decide. */
    private static final int FASTER = 2;

    /** The first compiles, clocks up and allocates; of the others the fastest counts. */
    private static final int TIMES = 6;

    private OffloadTrial() {}

    /**
     * Whether it is worth it, after a few milliseconds of trying.
     *
     * @param here kernels of this machine, on the threads that are to be used
     */
    public static boolean pays(Kernels here, LinearOffload there) {
        return pays(here, there, System::nanoTime);
    }

    static boolean pays(Kernels here, LinearOffload there, LongSupplier clock) {
        SplittableRandom random = new SplittableRandom(6);
        try (Arena arena = Arena.ofShared()) {
            Matrix matrix = Matrix.copyOf(values(random, SIDE * SIDE), SIDE, SIDE, arena);
            Optional<LinearOffload.Held> held = there.hold(matrix);
            if (held.isEmpty()) return false;
            Weight weight = here.pack(matrix, arena);
            Block x = Block.of(values(random, ROWS * SIDE), ROWS, SIDE);
            Block y = Block.of(new float[ROWS * SIDE], ROWS, SIDE);
            long timeHere = fastest(clock, () -> here.linear(x, weight, null, y));
            List<LinearOffload.Product> sent = List.of(new LinearOffload.Product(held.get(), null, y));
            return fastest(clock, () -> there.linear(x, sent)) < timeHere / FASTER;
        }
    }

    private static long fastest(LongSupplier clock, Runnable product) {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < TIMES; i++) {
            long start = clock.getAsLong();
            product.run();
            if (i > 0) fastest = Math.min(fastest, clock.getAsLong() - start);
        }
        return fastest;
    }

    private static float[] values(SplittableRandom random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (2 * random.nextDouble() - 1);
        return values;
    }
}
