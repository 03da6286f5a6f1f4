package sparrow.models.pool;

import java.util.List;

/** Waits for threads to end. */
final class Threads {
    private Threads() {}

    /** An interrupt is passed on, and does not cut the waiting short: what the threads use is closed afterwards. */
    static void join(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive() && thread != Thread.currentThread()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
