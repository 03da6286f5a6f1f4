package sparrow.server.audio;

/**
 * What a listener has heard of a reply, as far as the sender can know: sound is played from the moment it is sent, without a gap
 * while there is any, and goes on when more comes after a gap. Moments are given, in nanoseconds of one clock of any origin, and
 * never go back. Not thread-safe.
 */
public final class PlaybackClock {
    private static final long SECOND = 1_000_000_000;

    private final int rateHz;

    /** Whether anything was sent. */
    private boolean started;

    /** When the sound behind the last gap began. */
    private long begin;

    /** Samples since then, and before. */
    private long samples;

    private long before;

    private int underruns;
    private long underrun;
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
            underruns++;
            underrun += now - end();
            longestUnderrun = Math.max(longestUnderrun, now - end());
            before += samples;
            samples = 0;
            begin = now;
        }
        samples += count;
    }

    /** Whether anything was sent: before, nothing can be late but the first sound. */
    public boolean started() {
        return started;
    }

    /**
     * When all that was sent will have been played.
     *
     * @throws IllegalStateException if nothing was sent
     */
    public long end() {
        if (!started) throw new IllegalStateException("playback: nothing was sent");
        return begin + samples / rateHz * SECOND + samples % rateHz * SECOND / rateHz;
    }

    /** How long what was sent will still be played, in seconds; 0 if it has been. */
    public double unplayedSeconds(long now) {
        return started ? (double) Math.max(0, end() - now) / SECOND : 0;
    }

    /** How many samples have been played. */
    public long playedSamples(long now) {
        if (!started) return 0;
        long played = (now - begin) / SECOND * rateHz + (now - begin) % SECOND * rateHz / SECOND;
        return before + Math.min(samples, played);
    }

    /** How many milliseconds have been played, rounded down: an estimate of what a client counts. */
    public long playedMillis(long now) {
        return playedSamples(now) * 1_000 / rateHz;
    }

    /** How often the listener had to wait in the middle. */
    public int underruns() {
        return underruns;
    }

    /** How long in sum, in seconds. */
    public double underrunSeconds() {
        return (double) underrun / SECOND;
    }

    /** How long at most, in seconds. */
    public double longestUnderrunSeconds() {
        return (double) longestUnderrun / SECOND;
    }
}
