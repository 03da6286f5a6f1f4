package sparrow.server.realtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Detects a client that is no longer reachable. A machine that was switched off does not close its connection, and
 * sending to it seems to succeed, but nothing is received, not even a pong. Bytes are counted rather than frames,
 * because a long frame may take time. Not thread-safe.
 */
final class KeepAlive {
    private final LongSupplier received;
    private final long longestNanos;
    private long bytes = -1;
    private long since;

    /** @param received returns the number of bytes received so far */
    KeepAlive(LongSupplier received, Duration longest) {
        this.received = received;
        this.longestNanos = longest.toNanos();
    }

    /**
     * Returns true if nothing was received for too long. Must be called about every second.
     *
     * @param now nanoseconds, of any origin
     * @param heeded whether the server has been reading since the last call
     */
    boolean areMissing(long now, boolean heeded) {
        long count = received.getAsLong();
        if (count != bytes || !heeded) {
            bytes = count;
            since = now;
        }
        return now - since >= longestNanos;
    }
}
