package sparrow.server.realtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Detects that a client can no longer be reached. A machine that was switched off does not close its connection, and
 * sending to it seems to succeed, but no bytes are received, not even a pong. The number of bytes is checked rather
 * than the number of frames, because a long frame may take time. Not thread-safe.
 */
final class KeepAlive {
    private final LongSupplier received;
    private final long longestNanos;
    private long bytes = -1;
    private long since;

    /**
     * Creates a detector.
     *
     * @param received a supplier of the number of bytes received so far
     * @param longest the maximum time without received bytes
     */
    KeepAlive(LongSupplier received, Duration longest) {
        this.received = received;
        this.longestNanos = longest.toNanos();
    }

    /**
     * Returns whether no bytes were received for too long. Must be called about once a second.
     *
     * @param now the current time in nanoseconds since an arbitrary origin
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
