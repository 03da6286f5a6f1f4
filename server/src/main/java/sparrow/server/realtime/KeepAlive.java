package sparrow.server.realtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The watch over a client that may have stopped to answer. A machine that was switched off says no goodbye, and what is sent to it seems to be taken; but
 * nothing comes back, not even for a ping. Bytes count, not frames: a long frame may take its time. Not thread-safe.
 */
final class KeepAlive {
    private final LongSupplier received;
    private final long longestNanos;
    private long bytes = -1;
    private long since;

    /** @param received how many bytes came so far */
    KeepAlive(LongSupplier received, Duration longest) {
        this.received = received;
        this.longestNanos = longest.toNanos();
    }

    /**
     * True if nothing came for too long. To be asked every second or so.
     *
     * @param now nanoseconds, of any origin
     * @param heeded whether it could have been noticed since the last time
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
