package sparrow.speech.wave;

/**
 * Band-limited sinc interpolation with a squared-cosine window of 6 zero crossings and a roll-off of 0.99. The filter
 * matches the resampler that precedes GLM-4-Voice's speech tokenizer (torchaudio's default). After both rates are
 * divided by their greatest common divisor, {@code from} input samples become {@code to} output samples, one for each
 * of {@code to} filter phases. The reference stores {@code 2 width + from} taps for each phase; this class stores only
 * the taps inside the window, so rates without a common divisor require little memory.
 *
 * <p>No library is used, because speech tokens depend on this exact filter.
 */
final class Resampler {
    private static final int ZERO_CROSSINGS = 6;
    private static final double ROLL_OFF = 0.99;

    private final int fromHz;
    private final int from;
    private final int to;
    private final int taps;
    /** Index of the first input sample that each phase's filter reads, relative to the first input sample of the group. */
    private final int[] first;
    /** Filter taps of each phase, [to, taps]. */
    private final float[] kernel;

    /**
     * Creates a resampler from one rate to another, both in Hz.
     *
     * @throws IllegalArgumentException if a rate is outside the bounds of {@link Waveform}
     */
    Resampler(int fromHz, int toHz) {
        if (!Waveform.isRate(fromHz) || !Waveform.isRate(toHz)) {
            throw new IllegalArgumentException("resampling from " + fromHz + " Hz to " + toHz + " Hz: expected "
                    + Waveform.MIN_RATE_HZ + " to " + Waveform.MAX_RATE_HZ + " Hz");
        }
        this.fromHz = fromHz;
        int divisor = gcd(fromHz, toHz);
        from = fromHz / divisor;
        to = toHz / divisor;
        double base = Math.min(from, to) * ROLL_OFF;
        int width = (int) Math.ceil(ZERO_CROSSINGS * from / base);
        taps = 2 * width + 2;
        first = new int[to];
        kernel = new float[to * taps];
        for (int phase = 0; phase < to; phase++) {
            double centre = (double) phase / to;
            first[phase] = (int) ((long) phase * from / to) - width;
            for (int tap = 0; tap < taps; tap++) {
                kernel[phase * taps + tap] = tap((double) (first[phase] + tap) / from - centre, base);
            }
        }
    }

    /** Returns the filter's value at a distance from its centre, in units of {@code from} input samples. */
    private float tap(double distance, double base) {
        double t = Math.clamp(distance * base, -ZERO_CROSSINGS, ZERO_CROSSINGS);
        double window = Math.cos(Math.PI * t / (2 * ZERO_CROSSINGS));
        double sinc = t == 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
        return (float) (sinc * window * window * base / from);
    }

    /** Resamples a complete signal. */
    float[] apply(float[] samples) {
        return new StreamingResampler(this).accept(samples, true);
    }

    /** Returns whether both rates are equal, in which case samples are not filtered. */
    boolean isIdentity() {
        return from == to;
    }

    /** Returns the number of input samples on each side of a result that the filter may read. */
    private int reach() {
        return taps / 2;
    }

    /** Returns the delay of a result in seconds. The delay is caused by the later input on which the result depends. */
    double latencySeconds() {
        return (double) reach() / fromHz;
    }

    /**
     * Returns the index of the first input sample that a result depends on. The index is negative for the first
     * results.
     */
    long start(long result) {
        return result / to * from + first[(int) (result % to)];
    }

    /**
     * Returns the number of results for a complete signal with the given number of input samples:
     * {@code ceil(samples * to / from)}.
     */
    long results(long samples) {
        return Math.ceilDiv(samples * to, from);
    }

    /** Returns the number of results that depend only on the first {@code samples} of an unfinished signal. */
    long resultsBefore(long samples) {
        // A filter begins at floor(result * from / to) - reach + 1 and covers 2 * reach samples.
        return results(Math.max(0, samples - reach()));
    }

    /**
     * Computes a result from a part of the signal. The result's filter begins at index {@code start}; samples outside
     * the part are 0.
     */
    float at(float[] stretch, long start, long result) {
        int tap = (int) (result % to) * taps;
        int begin = (int) Math.max(0, -start);
        int end = (int) Math.min(taps, stretch.length - start);
        double sum = 0;
        for (int j = begin; j < end; j++) sum += stretch[(int) (start + j)] * kernel[tap + j];
        return (float) sum;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
