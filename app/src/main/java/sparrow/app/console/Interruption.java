package sparrow.app.console;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Handles Ctrl-C. Interrupts the working thread, waits until it has written its results, and exits the process with
 * status 130. The JVM handles a second Ctrl-C.
 */
public final class Interruption {
    /** Exit code that shells report for a process ended by Ctrl-C. */
    public static final int EXIT_CODE = 130;

    /**
     * Maximum time in seconds for writing results after Ctrl-C. Synthesising the last block of speech takes less time.
     */
    private static final long PATIENCE_SECONDS = 20;

    /** Maximum duration of a shutdown if the work runs until it is stopped, or null for other work. */
    private static volatile Duration ending;

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean stopping;

    private Interruption() {}

    public static Interruption ofThisThread() {
        Interruption interruption = new Interruption();
        Thread worker = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interruption.stop(worker), "sparrow-interruption"));
        return interruption;
    }

    /**
     * Declares that the work runs until it is stopped. The exit code is then 0 if it finishes within {@code longest}.
     */
    public static void runsUntilStopped(Duration longest) {
        ending = longest;
    }

    /** Reports that the work has finished. Does not return if the process is already exiting. */
    public void finished() {
        finished.countDown();
        if (!stopping) return;
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // The shutdown hook ends the process.
            }
        }
    }

    private void stop(Thread worker) {
        if (finished.getCount() == 0) return;
        stopping = true;
        worker.interrupt();
        try {
            Duration longest = ending;
            if (longest == null) finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            else if (finished.await(longest.toMillis(), TimeUnit.MILLISECONDS))
                Runtime.getRuntime().halt(0);
        } catch (InterruptedException e) {
            // Exit immediately.
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
