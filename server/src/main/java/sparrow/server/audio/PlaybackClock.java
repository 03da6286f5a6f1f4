package sparrow.server.audio;

/**
 * Estimates the part of a reply that a listener has heard. The clock assumes that audio is played from the moment it is
 * sent, without gaps while audio is available, and that playback resumes when more audio arrives after a gap. Times are
 * in nanoseconds of a monotonic clock with any origin. Not thread-safe.
 */
public final class PlaybackClock {
    private static final long SECOND = 1_000_000_000;

    private final int rateHz;

    /** Whether any audio has been sent. */
    private boolean started;

    /** Time at which playback started after the last gap. */
    private long begin;

    /**
     * Number of samples that have been sent since {@link #begin}. The next field is the number of samples sent earlier.
     */
    private long samples;

    private long before;

    private long longestUnderrun;

    /**
     * Creates a clock for a reply that has not started.
     *
     * @param rateHz the sample rate
     * @throws IllegalArgumentException if the rate is below 1
     */
    public PlaybackClock(int rateHz) {
        if (rateHz < 1) throw new IllegalArgumentException("playback: expected a rate of 1 Hz or more, got " + rateHz);
        this.rateHz = rateHz;
    }

    /**
     * Records that samples were sent. If all earlier samples have been played, the time since then is recorded as a
     * gap.
     */
    public void sent(long now, long count) {
        if (count == 0) return;
        if (!started) {
            started = true;
            begin = now;
        } else if (now - end() > 0) {
            longestUnderrun = Math.max(longestUnderrun, now - end());
            before += samples;
            samples = 0;
            begin = now;
        }
        samples += count;
    }

    /**
     * Returns the time at which all sent audio will have been played.
     *
     * @throws IllegalStateException if no audio was sent
     */
    long end() {
        if (!started) throw new IllegalStateException("playback: nothing was sent");
        return begin + samples / rateHz * SECOND + samples % rateHz * SECOND / rateHz;
    }

    /** Returns the number of seconds of sent audio that have not been played yet. */
    public double unplayedSeconds(long now) {
        return started ? (double) Math.max(0, end() - now) / SECOND : 0;
    }

    /** Returns the number of samples that have been played. */
    long playedSamples(long now) {
        if (!started) return 0;
        long played = (now - begin) / SECOND * rateHz + (now - begin) % SECOND * rateHz / SECOND;
        return before + Math.min(samples, played);
    }

    /**
     * Returns the number of milliseconds that have been played, rounded down. This is an estimate of the client's
     * count.
     */
    public long playedMillis(long now) {
        return playedSamples(now) * 1_000 / rateHz;
    }

    /** Returns the longest gap in the middle of the reply, in seconds. */
    public double longestUnderrunSeconds() {
        return (double) longestUnderrun / SECOND;
    }
}
