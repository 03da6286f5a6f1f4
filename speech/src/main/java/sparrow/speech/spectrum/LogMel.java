package sparrow.speech.spectrum;

import java.lang.foreign.Arena;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * Whisper's log-mel features of 16 kHz audio, 100 frames per second, for pieces of any length instead of 30 seconds.
 * Values are clamped at 8 decades below the piece's maximum.
 *
 * <p>The windowed Fourier transform of 400 samples is computed as a product with a matrix [402, 400] (201 cosines, then
 * 201 sines). With so few frequencies, this is not slower than a fast transform. The frames need not be copied because
 * they are overlapping rows of the signal.
 *
 * <p>No library is used, because the model was trained with exactly these features.
 */
public final class LogMel {
    /** Sample rate in Hz. */
    public static final int SAMPLE_RATE_HZ = 16_000;

    /** Number of samples from one frame to the next. */
    public static final int HOP_SAMPLES = 160;

    /** Number of samples in a frame's window. */
    public static final int WINDOW_SAMPLES = 400;

    private static final int MARGIN = WINDOW_SAMPLES / 2;
    private static final int FREQUENCIES = WINDOW_SAMPLES / 2 + 1;

    /** Number of frames multiplied together, chosen so that their spectra stay in the cache. */
    private static final int BLOCK_FRAMES = 256;

    private final Kernels kernels;
    private final int bins;
    private final Weight fourier;
    private final Weight mel;

    /**
     * Creates a feature extractor with the given number of mel bins (128 in GLM-4-Voice and Step-Audio-2).
     *
     * @param arena memory for the matrices, which must stay open as long as this object is in use
     */
    public LogMel(int bins, Kernels kernels, Arena arena) {
        if (bins < 1) throw new IllegalArgumentException("mel bins: expected 1 or more, got " + bins);
        // A provider's products are rounded to bf16, and their errors exceed the quiet bins next to loud ones.
        this.kernels = kernels.decoding();
        this.bins = bins;
        fourier = kernels.pack(Matrix.copyOf(fourierMatrix(), 2 * FREQUENCIES, WINDOW_SAMPLES, arena), arena);
        float[] filters =
                MelFilters.slaney(bins, WINDOW_SAMPLES, SAMPLE_RATE_HZ).matrix();
        mel = kernels.pack(Matrix.copyOf(filters, bins, FREQUENCIES, arena), arena);
    }

    private static float[] fourierMatrix() {
        float[] matrix = new float[2 * FREQUENCIES * WINDOW_SAMPLES];
        for (int k = 0; k < FREQUENCIES; k++) {
            for (int i = 0; i < WINDOW_SAMPLES; i++) {
                // Integer reduction of the angle is exact.
                double angle = 2 * Math.PI * (k * i % WINDOW_SAMPLES) / WINDOW_SAMPLES;
                double window = Hann.periodic(i, WINDOW_SAMPLES);
                matrix[k * WINDOW_SAMPLES + i] = (float) (window * Math.cos(angle));
                matrix[(FREQUENCIES + k) * WINDOW_SAMPLES + i] = (float) (window * Math.sin(angle));
            }
        }
        return matrix;
    }

    /**
     * Computes the features of samples {@code from} (inclusive) to {@code to} (exclusive), followed by silence up to
     * {@code frames} frames. If {@code frames} equals the number of complete hops, no silence is added and the audio is
     * mirrored at its end.
     *
     * @return features, [frames, bins]
     * @throws IllegalArgumentException if there are fewer frames than hops, or fewer than two frames
     */
    public float[] features(float[] samples, int from, int to, int frames) {
        int hops = (to - from) / HOP_SAMPLES;
        if (frames < 2 || frames < hops) {
            throw new IllegalArgumentException("log-mel: expected " + Math.max(2, hops) + " frames or more for "
                    + (to - from) + " samples, got " + frames);
        }
        int length = Math.max(to - from, Math.multiplyExact(frames, HOP_SAMPLES));
        float[] signal = MirroredEnds.around(samples, from, to, length, MARGIN);
        float[] features = new float[frames * bins];
        float[] spectra = new float[Math.min(frames, BLOCK_FRAMES) * 2 * FREQUENCIES];
        for (int frame = 0; frame < frames; frame += BLOCK_FRAMES) {
            int rows = Math.min(BLOCK_FRAMES, frames - frame);
            Block windows = new Block(signal, frame * HOP_SAMPLES, HOP_SAMPLES, rows, WINDOW_SAMPLES);
            Block spectrum = Block.of(spectra, rows, 2 * FREQUENCIES);
            kernels.linear(windows, fourier, null, spectrum);
            power(spectrum);
            kernels.linear(
                    spectrum.columns(0, FREQUENCIES), mel, null, new Block(features, frame * bins, bins, rows, bins));
        }
        compress(features);
        return features;
    }

    /** Converts cosine and sine parts to power and stores the result in the columns of the cosines. */
    private static void power(Block spectrum) {
        float[] data = spectrum.data();
        for (int r = 0; r < spectrum.rows(); r++) {
            int cosine = r * 2 * FREQUENCIES;
            for (int k = cosine; k < cosine + FREQUENCIES; k++) {
                float sine = data[k + FREQUENCIES];
                data[k] = data[k] * data[k] + sine * sine;
            }
        }
    }

    /** Converts power to decades, clamps the decades at 8 below the loudest value, and scales them to about -1 to 1. */
    private static void compress(float[] features) {
        float loudest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) Math.log10(Math.max(features[i], 1e-10f));
            loudest = Math.max(loudest, features[i]);
        }
        for (int i = 0; i < features.length; i++) {
            features[i] = (Math.max(features[i], loudest - 8) + 4) / 4;
        }
    }
}
