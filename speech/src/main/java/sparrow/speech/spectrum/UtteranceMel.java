package sparrow.speech.spectrum;

import java.util.Arrays;
import sparrow.tensor.kernel.ComputePool;

/**
 * NeMo's log-mel features of 16 kHz audio, 100 frames per second, which are LFM2-Audio's input. Each bin has mean 0 and
 * standard deviation 1 over the utterance. A frame of zeros follows the frames of the complete hops.
 *
 * <p>The computation uses f64 numbers because normalisation amplifies the rounding errors of quiet bins.
 */
public final class UtteranceMel {
    /** Sample rate in Hz. */
    public static final int SAMPLE_RATE_HZ = 16_000;

    /** Number of samples from one frame to the next. */
    public static final int HOP_SAMPLES = 160;

    private static final int WINDOW_SAMPLES = 400;
    private static final int FFT_SIZE = 512;
    private static final double PRE_EMPHASIS = 0.97;

    /** Value added to every value before the logarithm is computed. */
    private static final double FLOOR = 0x1p-24;

    /** Value added to every standard deviation. */
    private static final double EPSILON = 1e-5;

    /** Number of frames per piece of parallel work. */
    private static final int PIECE_FRAMES = 64;

    private final int bins;
    private final MelFilters filters;
    private final double[] window = new double[WINDOW_SAMPLES];

    /** Creates a feature extractor with the given number of mel bins (128 in LFM2-Audio). */
    public UtteranceMel(int bins) {
        if (bins < 1) throw new IllegalArgumentException("mel bins: expected 1 or more, got " + bins);
        this.bins = bins;
        filters = MelFilters.slaney(bins, FFT_SIZE, SAMPLE_RATE_HZ);
        // Use the symmetric window, whose first and last values are 0.
        Arrays.setAll(window, i -> Hann.periodic(i, WINDOW_SAMPLES - 1));
    }

    /** Returns the number of frames for the given number of samples, including the frame of zeros. */
    public static int frames(int samples) {
        return samples / HOP_SAMPLES + 1;
    }

    /**
     * Computes the features of a complete utterance. If the utterance is shorter than a hop, the only frame is the
     * frame of zeros.
     *
     * @return features, [frames, bins]
     */
    public float[] features(float[] samples, ComputePool pool) {
        int frames = frames(samples.length) - 1;
        float[] features = new float[(frames + 1) * bins];
        pool.forEach(Math.ceilDiv(frames, PIECE_FRAMES), piece -> {
            int from = piece * PIECE_FRAMES;
            logMel(samples, from, Math.min(frames, from + PIECE_FRAMES), features);
        });
        for (int bin = 0; bin < bins; bin++) normalise(features, bin, frames);
        return features;
    }

    /** Computes the logarithms for frames {@code from} (inclusive) to {@code to} (exclusive), without normalisation. */
    private void logMel(float[] samples, int from, int to, float[] features) {
        FourierTransform transform = new FourierTransform(FFT_SIZE);
        double[] frame = new double[FFT_SIZE];
        double[] power = new double[FFT_SIZE / 2 + 1];
        for (int f = from; f < to; f++) {
            cut(samples, f * HOP_SAMPLES - WINDOW_SAMPLES / 2, frame);
            transform.power(frame, power);
            filters.apply(power, features, f * bins);
            for (int i = f * bins; i < (f + 1) * bins; i++) features[i] = (float) Math.log(features[i] + FLOOR);
        }
    }

    /**
     * Extracts a frame and applies pre-emphasis and the window. The audio is preceded and followed by silence. The
     * position of the window within the array does not affect the power.
     */
    private void cut(float[] samples, int from, double[] frame) {
        Arrays.fill(frame, 0, WINDOW_SAMPLES, 0);
        int end = Math.min(WINDOW_SAMPLES, samples.length - from);
        for (int i = Math.max(0, -from); i < end; i++) {
            int n = from + i;
            double before = n > 0 ? samples[n - 1] : 0;
            frame[i] = (samples[n] - PRE_EMPHASIS * before) * window[i];
        }
    }

    /** Normalises a bin. If there is only one frame, the bin's value becomes 0. */
    private void normalise(float[] features, int bin, int frames) {
        double mean = 0;
        for (int f = 0; f < frames; f++) mean += features[f * bins + bin];
        mean /= frames;
        double squares = 0;
        for (int f = 0; f < frames; f++) squares += Math.pow(features[f * bins + bin] - mean, 2);
        double deviation = frames > 1 ? Math.sqrt(squares / (frames - 1)) : 0;
        for (int f = 0; f < frames; f++) {
            int i = f * bins + bin;
            features[i] = (float) ((features[i] - mean) / (deviation + EPSILON));
        }
    }
}
