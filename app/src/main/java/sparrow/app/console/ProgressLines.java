package sparrow.app.console;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Prints the progress of work at regular intervals, for output that is not a terminal. */
final class ProgressLines implements AutoCloseable {
    private final String what;
    private final long steps;
    private final AtomicLong done = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Starts printing on a separate thread.
     *
     * @param steps total number of steps, at least 1
     */
    ProgressLines(String what, long steps, PrintStream out, Duration interval) {
        this.what = what;
        this.steps = steps;
        long begin = System.nanoTime();
        Thread.ofPlatform().daemon().name("sparrow-progress").start(() -> {
            try {
                while (!ended.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                    out.println("sparrow: " + line(done.get(), Duration.ofNanos(System.nanoTime() - begin)));
                }
            } catch (InterruptedException e) {
                // Nothing interrupts this thread.
            }
        });
    }

    void step() {
        done.incrementAndGet();
    }

    /** Returns a line with the finished steps, all steps, and the remaining time. */
    String line(long finished, Duration elapsed) {
        String left = finished == 0
                ? "remaining time unknown"
                : "about "
                        + Waiting.words(elapsed.multipliedBy(steps - finished).dividedBy(finished)) + " left";
        return String.format(
                Locale.ROOT, "%s: %,d of %,d after %s, %s", what, finished, steps, Waiting.words(elapsed), left);
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
