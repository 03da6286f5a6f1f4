package sparrow.gpu.stack;

import java.util.function.BooleanSupplier;

/**
 * Runs the garbage collector to release device memory. The JVM does not account for the device memory of unreachable
 * objects, so a collection must be requested.
 */
final class ReleaseQueue {
    /**
     * Maximum number of collections. The wait after each collection is twice as long as the previous wait; all waits
     * together take about half a second.
     */
    private static final int PATIENCE = 9;

    private ReleaseQueue() {}

    /** Runs collections until a condition is met. Returns false if it is not met after the last collection. */
    static boolean collectUntil(BooleanSupplier enough) {
        for (int i = 0; i < PATIENCE; i++) {
            System.gc();
            try {
                Thread.sleep(1L << i);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return enough.getAsBoolean();
            }
            if (enough.getAsBoolean()) return true;
        }
        return false;
    }
}
