package sparrow.gpu.stack;

import java.util.function.BooleanSupplier;

/** The JVM does not feel what a dropped object holds on a device, so that it has to be told when that is missed. */
final class ReleaseQueue {
    /** How often it is told, and waited for, longer each time: about half a second in all. */
    private static final int PATIENCE = 9;

    private ReleaseQueue() {}

    /** Collects releases until something has come of it; whether it has. */
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
