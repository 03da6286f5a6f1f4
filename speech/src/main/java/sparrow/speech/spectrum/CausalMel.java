package sparrow.speech.spectrum;

import java.util.Arrays;
import sparrow.tensor.kernel.ComputePool;

/**
 * LFM3-Audio's log-mel features of 16 kHz audio, 100 frames per second. A frame depends only on its own 400 samples, so
 * it is final as soon as these samples have arrived. The computation uses f64 numbers.
 */
public final class CausalMel {
    /** Sample rate in Hz. */
    public static final int SAMPLE_RATE_HZ = 16_000;

    /** Number of samples from one frame to the next. */
    public static final int HOP_SAMPLES = 160;

    /** Number of samples in a frame. */
    public static final int WINDOW_SAMPLES = 400;

    /** Lower bound of every value before the logarithm is computed. */
    private static final double FLOOR = 1e-12;

    /** Number of frames per piece of parallel work. */
    private static final int PIECE_FRAMES = 64;

    private final int bins;
    private final MelFilters filters;
    private final double[] window = new double[WINDOW_SAMPLES];

    /** Creates a feature extractor with the given number of mel bins (128 in LFM3-Audio). */
    public CausalMel(int bins) {
        if (bins < 1) throw new IllegalArgumentException("mel bins: expected 1 or more, got " + bins);
        this.bins = bins;
        filters = MelFilters.slaney(bins, WINDOW_SAMPLES, SAMPLE_RATE_HZ);
        Arrays.setAll(window, i -> Hann.periodic(i, WINDOW_SAMPLES));
    }

    /**
     * Returns the number of frames of a complete utterance. Silence follows the utterance up to the end of the last
     * frame.
     */
    public static int frames(long samples) {
        long rest = Math.max(0, samples - WINDOW_SAMPLES);
        return Math.toIntExact(Math.ceilDiv(rest, HOP_SAMPLES) + 1);
    }

    /** Returns the number of frames whose samples have all arrived. */
    public static int finalFrames(long samples) {
        return samples < WINDOW_SAMPLES ? 0 : Math.toIntExact((samples - WINDOW_SAMPLES) / HOP_SAMPLES + 1);
    }

    /**
     * Computes consecutive frames. The last sample is followed by silence.
     *
     * @param samples samples starting at the beginning of the first frame
     * @return features, [frames, bins]
     */
    public float[] features(float[] samples, int frames, ComputePool pool) {
        float[] features = new float[frames * bins];
        pool.forEach(Math.ceilDiv(frames, PIECE_FRAMES), piece -> {
            FourierTransform transform = new FourierTransform(WINDOW_SAMPLES);
            double[] frame = new double[WINDOW_SAMPLES];
            double[] power = new double[WINDOW_SAMPLES / 2 + 1];
            for (int f = piece * PIECE_FRAMES; f < Math.min(frames, (piece + 1) * PIECE_FRAMES); f++) {
                for (int i = 0; i < WINDOW_SAMPLES; i++) {
                    int at = f * HOP_SAMPLES + i;
                    frame[i] = at < samples.length ? samples[at] * window[i] : 0;
                }
                transform.power(frame, power);
                filters.apply(power, features, f * bins);
                for (int i = f * bins; i < (f + 1) * bins; i++) {
                    features[i] = (float) ((Math.log10(Math.max(features[i], FLOOR)) + 4) / 4);
                }
            }
        });
        return features;
    }
}
