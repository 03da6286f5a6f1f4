package sparrow.server.reply;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Computes when clients that were rejected because of too many replies should repeat their requests. Each rejected
 * client receives a later time than the one before, so that the clients return one by one, at twice the interval at
 * which replies end. By Little's law, this interval is the time that a reply takes, including the time that it waits,
 * divided by the number of replies that are running or waiting. Thread-safe.
 */
final class RetryTimes {
    /** Mean time of a reply before the first reply has ended. */
    private static final Duration INITIAL = Duration.ofSeconds(2);

    /** Weight of the newest reply in the mean. */
    private static final double NEWEST = 0.25;

    /** Maximum time. A client that does not return must not delay others for long. */
    private static final Duration MAX = Duration.ofSeconds(20);

    private final LongSupplier nanoTime;
    private double meanNanos = INITIAL.toNanos();
    private long last;

    /** @param nanoTime the clock, such as {@link System#nanoTime} */
    RetryTimes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    /** Records the time that a reply took. */
    synchronized void ended(long nanos) {
        meanNanos += NEWEST * (nanos - meanNanos);
    }

    /**
     * Returns the time after which the next rejected client should repeat its request. At the maximum, the time is
     * random, so that clients do not return together.
     *
     * @param underWay the number of replies that are running or waiting, at least 1
     */
    synchronized Duration next(int underWay) {
        long now = nanoTime.getAsLong();
        long wait = Math.max(0, last - now) + (long) (2 * meanNanos / underWay);
        if (wait >= MAX.toNanos()) wait = ThreadLocalRandom.current().nextLong(MAX.toNanos() / 2, MAX.toNanos());
        else last = now + wait;
        return Duration.ofNanos(wait);
    }
}
