package sparrow.speech.wave;

import java.util.Arrays;

/**
 * Resamples a signal that comes in pieces. For any cuts, the results joined are those of {@link Waveform#at} for the
 * whole signal, to the bit: there is one filter, and each result is the same sum of the same products. Equal rates hand
 * the samples on unfiltered.
 *
 * <p>A result is handed out as soon as the last input sample of its filter is there, so results lag by half the filter
 * ({@link #latencySeconds}). Between calls no more than the filter's length of input is kept. Not thread-safe.
 */
public final class StreamingResampler {
    private static final float[] NONE = {};

    private final Resampler filter;

    /** The end of the input so far, as much as later results still need. */
    private float[] kept = NONE;

    /** Input samples before {@link #kept}. */
    private long forgotten;

    /** Results handed out so far. */
    private long results;

    private boolean ended;

    /**
     * A resampler at the beginning of a signal.
     *
     * @throws IllegalArgumentException if a rate, in Hz, is out of {@link Waveform}'s bounds
     */
    public StreamingResampler(int fromHz, int toHz) {
        this(new Resampler(fromHz, toHz));
    }

    StreamingResampler(Resampler filter) {
        this.filter = filter;
    }

    /** Largest delay of a result behind its place in the signal: half the filter, 0.4 to 1 ms at speech rates. */
    public double latencySeconds() {
        return filter.isIdentity() ? 0 : filter.latencySeconds();
    }

    /**
     * Takes the next piece of the signal, which may be empty, and returns the results that it completes. The last piece
     * completes all, {@code ceil(n * to / from)} in sum for {@code n} samples. Beyond its ends the signal is silent.
     *
     * @return an array of the caller's own, never {@code piece}
     * @throws IllegalArgumentException if these results would exceed {@link Waveform#MAX_SAMPLES}; nothing has changed
     *     then
     * @throws IllegalStateException after the last piece
     */
    public float[] accept(float[] piece, boolean last) {
        if (ended) throw new IllegalStateException("resampling: a piece after the last one");
        if (filter.isIdentity()) {
            ended = last;
            return piece.clone();
        }
        long received = forgotten + kept.length + piece.length;
        long complete = last ? filter.results(received) : filter.resultsBefore(received);
        float[] resampled = new float[checked(complete - results)];
        float[] stretch = joined(kept, piece);
        for (int i = 0; i < resampled.length; i++, results++) {
            resampled[i] = filter.at(stretch, filter.start(results) - forgotten, results);
        }
        if (last) {
            kept = NONE;
        } else {
            forget(stretch);
        }
        ended = last;
        return resampled;
    }

    /** Input samples that are kept for later results. */
    int keptSamples() {
        return kept.length;
    }

    private static int checked(long length) {
        if (length > Waveform.MAX_SAMPLES) {
            throw new IllegalArgumentException(
                    "resampling: expected at most " + Waveform.MAX_SAMPLES + " samples as result, got " + length);
        }
        return (int) length;
    }

    private void forget(float[] stretch) {
        int needless = Math.clamp(filter.start(results) - forgotten, 0, stretch.length);
        kept = Arrays.copyOfRange(stretch, needless, stretch.length);
        forgotten += needless;
    }

    private static float[] joined(float[] kept, float[] piece) {
        if (kept.length == 0) return piece;
        float[] joined = Arrays.copyOf(kept, kept.length + piece.length);
        System.arraycopy(piece, 0, joined, kept.length, piece.length);
        return joined;
    }
}
