package sparrow.bench.load;

/**
 * Simulates an audio player. Playback starts with a tenth of a second of audio, or with all audio if it is shorter, and
 * continues after an underrun as soon as more audio arrives.
 */
final class Playback {
    private static final long START_NANOS = 100_000_000;

    private static final long NEVER = Long.MIN_VALUE;

    private long received;

    /** Time at which all received audio has been played, or {@link #NEVER} before playback starts. */
    private long dry = NEVER;

    private boolean complete;

    /** Time at which playback was stopped, or {@link #NEVER}. */
    private long stopped = NEVER;

    private int underruns;
    private long longestGap;

    /** Adds audio of the given duration, in nanoseconds. */
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

    /** Reports that no more audio will arrive. */
    void complete(long now) {
        complete = true;
        if (dry == NEVER && received > 0 && stopped == NEVER) dry = now + received;
    }

    /** Stops playback immediately. */
    void stop(long now) {
        if (stopped == NEVER) stopped = now;
    }

    /** Returns the duration of the played audio, in nanoseconds. */
    long played(long now) {
        if (dry == NEVER) return 0;
        long until = stopped == NEVER ? now : Math.min(now, stopped);
        return Math.max(0, received - Math.max(0, dry - until));
    }

    /** Returns whether all audio was played, or playback was stopped. */
    boolean isOver(long now) {
        return stopped != NEVER || complete && (dry == NEVER || now >= dry);
    }

    /**
     * Returns the time at which all received audio has been played, or {@link Long#MAX_VALUE} before playback starts.
     */
    long dryAt() {
        return dry == NEVER ? Long.MAX_VALUE : dry;
    }

    /** Returns the duration of the received audio, in nanoseconds. */
    long received() {
        return received;
    }

    /** Returns the number of underruns before the end. */
    int underruns() {
        return underruns;
    }

    /** Returns the longest silence due to an underrun, in nanoseconds. */
    long longestGap() {
        return longestGap;
    }
}
