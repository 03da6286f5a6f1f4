package sparrow.gpu.stack;

import java.util.function.BooleanSupplier;

/** The JVM does not see the memory that a dropped object holds on a device, so that a collection has to be asked for. */
final class ReleaseQueue {
    /** Collections, with a longer wait after each: about half a second in all. */
    private static final int PATIENCE = 9;

    private ReleaseQueue() {}

    /** Collects until there is enough; false if there is not after the last collection. */
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
