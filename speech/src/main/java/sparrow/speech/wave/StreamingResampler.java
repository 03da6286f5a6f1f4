package sparrow.speech.wave;

import java.util.Arrays;

/**
 * Resamples a signal that arrives in pieces. The concatenated results are bit-identical to {@link Waveform#at} for the
 * entire signal, regardless of the piece sizes. If the rates are equal, samples are not filtered.
 *
 * <p>A result is returned as soon as the last input sample on which it depends has arrived, so results are delayed by
 * half the filter's length ({@link #latencySeconds}). Between calls, the number of stored samples does not exceed the
 * filter's length. Instances are not thread-safe.
 */
public final class StreamingResampler {
    private static final float[] NONE = {};

    private final Resampler filter;

    /** The newest input samples, on which later results depend. */
    private float[] history = NONE;

    /** Number of input samples before {@link #history}. */
    private long forgotten;

    /** Number of results returned. */
    private long results;

    private boolean ended;

    /**
     * Creates a resampler for a new signal.
     *
     * @throws IllegalArgumentException if a rate, in Hz, is outside the bounds of {@link Waveform}
     */
    public StreamingResampler(int fromHz, int toHz) {
        this(new Resampler(fromHz, toHz));
    }

    StreamingResampler(Resampler filter) {
        this.filter = filter;
    }

    /**
     * Returns the maximum delay of a result in seconds: half the length of the filter, or 0.4 to 1 ms at speech rates.
     */
    public double latencySeconds() {
        return filter.isIdentity() ? 0 : filter.latencySeconds();
    }

    /**
     * Accepts the next piece of the signal, which may be empty, and returns the results that it completes. The last
     * piece completes all results, {@code ceil(n * to / from)} in total for {@code n} samples. The signal is 0 before
     * its beginning and after its end.
     *
     * @return a new array
     * @throws IllegalArgumentException if there are more results than {@link Waveform#MAX_SAMPLES}; the resampler is
     *     then unchanged
     * @throws IllegalStateException after the last piece
     */
    public float[] accept(float[] piece, boolean last) {
        if (ended) throw new IllegalStateException("resampling: expected no piece after the last one");
        if (filter.isIdentity()) {
            ended = last;
            return piece.clone();
        }
        long received = forgotten + history.length + piece.length;
        long complete = last ? filter.results(received) : filter.resultsBefore(received);
        float[] resampled = new float[checked(complete - results)];
        float[] stretch = joined(history, piece);
        for (int i = 0; i < resampled.length; i++, results++) {
            resampled[i] = filter.at(stretch, filter.start(results) - forgotten, results);
        }
        if (last) {
            history = NONE;
        } else {
            forget(stretch);
        }
        ended = last;
        return resampled;
    }

    /** Returns the number of input samples stored for later results. */
    int keptSamples() {
        return history.length;
    }

    private static int checked(long length) {
        if (length > Waveform.MAX_SAMPLES) {
            throw new IllegalArgumentException(
                    "resampling: expected at most " + Waveform.MAX_SAMPLES + " result samples, got " + length);
        }
        return (int) length;
    }

    private void forget(float[] stretch) {
        int needless = Math.clamp(filter.start(results) - forgotten, 0, stretch.length);
        history = Arrays.copyOfRange(stretch, needless, stretch.length);
        forgotten += needless;
    }

    private static float[] joined(float[] history, float[] piece) {
        if (history.length == 0) return piece;
        float[] joined = Arrays.copyOf(history, history.length + piece.length);
        System.arraycopy(piece, 0, joined, history.length, piece.length);
        return joined;
    }
}
