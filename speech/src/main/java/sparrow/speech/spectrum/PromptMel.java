package sparrow.speech.spectrum;

/**
 * The mel spectrogram of 24 kHz audio, which is the output of CosyVoice 2's flow decoder and the input of its vocoder.
 * It consists of natural logarithms of magnitudes in 80 bins up to 8 kHz, at 50 frames per second. A voice's
 * spectrogram is the flow decoder's prompt.
 */
public final class PromptMel {
    /** Sample rate in Hz. */
    public static final int SAMPLE_RATE_HZ = 24_000;

    /** Number of samples from one frame to the next. */
    public static final int HOP_SAMPLES = 480;

    /** Number of values per frame. */
    public static final int BINS = 80;

    private static final int WINDOW_SAMPLES = 1920;
    private static final double HIGHEST_HZ = 8000;
    private static final float FLOOR = 1e-5f;

    /**
     * Number of mirrored samples at each end. With this margin, each hop has one frame whose window is centred on the
     * hop.
     */
    private static final int MARGIN = (WINDOW_SAMPLES - HOP_SAMPLES) / 2;

    private final FourierTransform transform = new FourierTransform(WINDOW_SAMPLES);
    private final double[] window = Hann.window(WINDOW_SAMPLES);
    private final MelFilters filters = MelFilters.slaney(BINS, WINDOW_SAMPLES, SAMPLE_RATE_HZ, HIGHEST_HZ);

    /**
     * Computes the features of audio samples. Samples of an incomplete last hop have no frame.
     *
     * @return features, [samples / 480, 80]
     * @throws IllegalArgumentException if there are 720 samples or fewer, which are too few to mirror
     */
    public float[] features(float[] samples) {
        if (samples.length <= MARGIN) {
            throw new IllegalArgumentException("mel spectrogram: expected more than " + MARGIN + " samples at "
                    + SAMPLE_RATE_HZ + " Hz, got " + samples.length);
        }
        float[] signal = MirroredEnds.around(samples, 0, samples.length, samples.length, MARGIN);
        float[] features = new float[samples.length / HOP_SAMPLES * BINS];
        double[] frame = new double[WINDOW_SAMPLES];
        double[] spectrum = new double[WINDOW_SAMPLES / 2 + 1];
        for (int f = 0; f < features.length / BINS; f++) {
            for (int i = 0; i < WINDOW_SAMPLES; i++) {
                frame[i] = signal[f * HOP_SAMPLES + i] * window[i];
            }
            transform.power(frame, spectrum);
            for (int k = 0; k < spectrum.length; k++) spectrum[k] = Math.sqrt(spectrum[k] + 1e-9);
            filters.apply(spectrum, features, f * BINS);
        }
        for (int i = 0; i < features.length; i++) features[i] = (float) Math.log(Math.max(features[i], FLOOR));
        return features;
    }
}
