package sparrow.server.audio;

/**
 * The part of a reply that a listener has heard, as far as the sender can know: sound is played from the moment it is sent,
 * without a gap while there is any, and goes on when more comes after a gap. Moments are given, in nanoseconds of one clock of any origin, and
 * never go back. Not thread-safe.
 */
public final class PlaybackClock {
    private static final long SECOND = 1_000_000_000;

    private final int rateHz;

    /** True once sound was sent. */
    private boolean started;

    /** When the sound behind the last gap began. */
    private long begin;

    /** Samples since then, and before. */
    private long samples;

    private long before;

    private long longestUnderrun;

    /**
     * A clock of a reply of which nothing was sent.
     *
     * @throws IllegalArgumentException if the rate of its samples, in Hz, is below 1
     */
    public PlaybackClock(int rateHz) {
        if (rateHz < 1) throw new IllegalArgumentException("playback: expected a rate of 1 Hz or more, got " + rateHz);
        this.rateHz = rateHz;
    }

    /** Samples were sent; if all before have been played, the listener waited for them. */
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
     * When all that was sent will have been played.
     *
     * @throws IllegalStateException if nothing was sent
     */
    long end() {
        if (!started) throw new IllegalStateException("playback: nothing was sent");
        return begin + samples / rateHz * SECOND + samples % rateHz * SECOND / rateHz;
    }

    /** Seconds of the sent sound that are still to be played. */
    public double unplayedSeconds(long now) {
        return started ? (double) Math.max(0, end() - now) / SECOND : 0;
    }

    /** The number of samples that have been played. */
    long playedSamples(long now) {
        if (!started) return 0;
        long played = (now - begin) / SECOND * rateHz + (now - begin) % SECOND * rateHz / SECOND;
        return before + Math.min(samples, played);
    }

    /** Milliseconds that have been played, rounded down: an estimate of a client's count. */
    public long playedMillis(long now) {
        return playedSamples(now) * 1_000 / rateHz;
    }

    /** The longest time that the listener had to wait in the middle, in seconds. */
    public double longestUnderrunSeconds() {
        return (double) longestUnderrun / SECOND;
    }
}
