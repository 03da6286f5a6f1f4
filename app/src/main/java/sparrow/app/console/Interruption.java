package sparrow.app.console;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C: the working thread is interrupted and given time to write its results, then the process ends with 130, the shells'
 * code for it. A second Ctrl-C is left to the JVM.
 */
public final class Interruption {
    /** The exit code that shells give a process that Ctrl-C ended. */
    public static final int EXIT_CODE = 130;

    /** Longer than the last block of speech takes to become sound. */
    private static final long PATIENCE_SECONDS = 20;

    /** The longest end of work that runs until it is stopped; null for all other work. */
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

    /** Declares that the work runs until it is stopped: then the exit code is 0, and its end takes so long at most. */
    public static void isTheEnd(Duration longest) {
        ending = longest;
    }

    /** The work is done; waits for ever if the process is on its way out already. */
    public void finished() {
        finished.countDown();
        if (!stopping) return;
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // The hook ends the process.
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
            // Nothing to wait for any longer.
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
