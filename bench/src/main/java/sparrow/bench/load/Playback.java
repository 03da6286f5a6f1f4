package sparrow.bench.load;

/**
 * A player that plays nothing, and knows when it would have. It begins with a tenth of a second of sound, or with all of it,
 * and whenever it has run dry it goes on as soon as there is more.
 */
final class Playback {
    private static final long START_NANOS = 100_000_000;

    private static final long NEVER = Long.MIN_VALUE;

    private long received;

    /** When all that was received will have been played; {@link #NEVER} before it begins. */
    private long dry = NEVER;

    private boolean complete;

    /** When it was stopped; {@link #NEVER} if it was not. */
    private long stopped = NEVER;

    private int underruns;
    private long longestGap;

    /** More sound. */
    void accept(long now, long nanos) {
        if (stopped != NEVER) return;
        received += nanos;
        if (dry == NEVER) {
            if (received >= START_NANOS) dry = now + received;
        } else if (now > dry) {
            underruns++;
            longestGap = Math.max(longestGap, now - dry);
            dry = now + nanos;
        } else {
            dry += nanos;
        }
    }

    /** No more comes. */
    void complete(long now) {
        complete = true;
        if (dry == NEVER && received > 0 && stopped == NEVER) dry = now + received;
    }

    /** Falls silent at once. */
    void stop(long now) {
        if (stopped == NEVER) stopped = now;
    }

    /** Sound that was heard, in nanoseconds. */
    long played(long now) {
        if (dry == NEVER) return 0;
        long until = stopped == NEVER ? now : Math.min(now, stopped);
        return Math.max(0, received - Math.max(0, dry - until));
    }

    /** Tells if it is silent for good: all was heard, or it was stopped. */
    boolean isOver(long now) {
        return stopped != NEVER || complete && (dry == NEVER || now >= dry);
    }

    /** When all that was received will have been heard. */
    long dryAt() {
        return dry == NEVER ? Long.MAX_VALUE : dry;
    }

    /** Sound that came, in nanoseconds. */
    long received() {
        return received;
    }

    /** Times that it ran dry before the end. */
    int underruns() {
        return underruns;
    }

    /** The longest silence within. */
    long longestGap() {
        return longestGap;
    }
}
