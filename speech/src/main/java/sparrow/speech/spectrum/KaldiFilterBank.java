package sparrow.speech.spectrum;

import java.util.Arrays;

/**
 * Kaldi's logarithmic filter bank of 16 kHz audio (fbank, without dither): 80 bins starting at 20 Hz and 100 frames of
 * 25 ms per second. It is the input of speaker encoders such as CAM++.
 *
 * <p>Samples have full scale 1, whereas Kaldi reads 16-bit numbers. This difference shifts all values by the same
 * amount, except for the floor.
 */
public final class KaldiFilterBank {
    /** Sample rate in Hz. */
    public static final int SAMPLE_RATE_HZ = 16_000;

    /** Number of values per frame. */
    public static final int BINS = 80;

    private static final int HOP_SAMPLES = 160;
    private static final int WINDOW_SAMPLES = 400;
    private static final int FFT_SIZE = 512;
    private static final double LOWEST_HZ = 20;
    private static final double PRE_EMPHASIS = 0.97;
    /** The machine epsilon of f32. */
    private static final float FLOOR = 0x1p-23f;

    private final FourierTransform transform = new FourierTransform(FFT_SIZE);
    private final MelFilters filters = MelFilters.kaldi(BINS, FFT_SIZE, SAMPLE_RATE_HZ, LOWEST_HZ);
    private final double[] window = poveyWindow();

    /** Returns the symmetric Hann window raised to the power of 0.85. */
    private static double[] poveyWindow() {
        double[] window = new double[WINDOW_SAMPLES];
        for (int i = 0; i < WINDOW_SAMPLES; i++) window[i] = Math.pow(Hann.periodic(i, WINDOW_SAMPLES - 1), 0.85);
        return window;
    }

    /** Returns the number of complete frames for the given number of samples. */
    public static int frames(int samples) {
        return samples < WINDOW_SAMPLES ? 0 : 1 + (samples - WINDOW_SAMPLES) / HOP_SAMPLES;
    }

    /**
     * Computes the features of audio samples. Samples of an incomplete last frame are dropped.
     *
     * @return features, [frames, 80]
     */
    public float[] features(float[] samples) {
        float[] features = new float[frames(samples.length) * BINS];
        double[] frame = new double[FFT_SIZE];
        double[] power = new double[FFT_SIZE / 2 + 1];
        for (int f = 0; f < features.length / BINS; f++) {
            cut(samples, f * HOP_SAMPLES, frame);
            transform.power(frame, power);
            filters.apply(power, features, f * BINS);
        }
        for (int i = 0; i < features.length; i++) features[i] = (float) Math.log(Math.max(features[i], FLOOR));
        return features;
    }

    /**
     * Extracts a frame, subtracts its mean, and applies pre-emphasis and the window. The rest of the array remains 0.
     */
    private void cut(float[] samples, int from, double[] frame) {
        double mean = 0;
        for (int i = 0; i < WINDOW_SAMPLES; i++) mean += samples[from + i];
        mean /= WINDOW_SAMPLES;
        double before = samples[from] - mean;
        for (int i = 0; i < WINDOW_SAMPLES; i++) {
            double sample = samples[from + i] - mean;
            frame[i] = (sample - PRE_EMPHASIS * before) * window[i];
            before = sample;
        }
    }

    /** Subtracts the mean over time from every bin, to remove a microphone's or room's constant contribution. */
    public static void subtractMeans(float[] features) {
        double[] means = new double[BINS];
        for (int i = 0; i < features.length; i++) means[i % BINS] += features[i];
        int frames = features.length / BINS;
        Arrays.setAll(means, bin -> means[bin] / frames);
        for (int i = 0; i < features.length; i++) features[i] -= (float) means[i % BINS];
    }
}
