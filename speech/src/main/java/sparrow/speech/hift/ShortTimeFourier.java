package sparrow.speech.hift;

import java.util.Arrays;
import sparrow.speech.layers.InverseFourier;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.tensor.kernel.Block;

/**
 * The STFT and its inverse, computed as matrix products because a vocoder uses few points. As in torch.stft, the Hann
 * window is periodic, frames are centred with reflection, and spectra are one-sided and unscaled. A spectrum is
 * [frames, 2 * bins], real parts first.
 */
public record ShortTimeFourier(Linear forward, Linear backward, int points, int hop) {
    /** Creates the transform for the given number of points and the given hop. */
    public static ShortTimeFourier create(LayerReader reader, int points, int hop) {
        int bins = points / 2 + 1;
        double[] window = new double[points];
        Arrays.setAll(window, n -> window(n, points));
        float[] forward = new float[2 * bins * points];
        for (int k = 0; k < bins; k++) {
            for (int n = 0; n < points; n++) {
                double angle = 2 * Math.PI * k * n / points;
                forward[k * points + n] = (float) (window[n] * Math.cos(angle));
                forward[(bins + k) * points + n] = (float) (-window[n] * Math.sin(angle));
            }
        }
        return new ShortTimeFourier(
                new Linear(reader.kernels(), reader.pack(forward, 2 * bins, points), null),
                InverseFourier.of(reader, window),
                points,
                hop);
    }

    private static double window(int n, int points) {
        return 0.5 - 0.5 * Math.cos(2 * Math.PI * n / points);
    }

    /**
     * Computes the spectrum [samples / hop + 1, 2 * bins] of a signal, which must have more samples than half the
     * number of points.
     */
    public Block spectrum(float[] signal) {
        int half = points / 2;
        float[] padded = new float[signal.length + points];
        System.arraycopy(signal, 0, padded, half, signal.length);
        for (int i = 1; i <= half; i++) {
            padded[half - i] = signal[i];
            padded[half + signal.length - 1 + i] = signal[signal.length - 1 - i];
        }
        return forward.of(new Block(padded, 0, hop, signal.length / hop + 1, points));
    }

    /** Computes the signal [(frames - 1) * hop] of a spectrum [frames, 2 * bins]. */
    public float[] signal(Block spectrum) {
        float[] frames = backward.of(spectrum).data();
        int half = points / 2;
        float[] signal = new float[(spectrum.rows() - 1) * hop];
        float[] windows = new float[signal.length];
        for (int f = 0; f < spectrum.rows(); f++) {
            int start = f * hop - half;
            int from = Math.max(0, -start);
            int to = Math.min(points, signal.length - start);
            for (int n = from; n < to; n++) {
                signal[start + n] += frames[f * points + n];
                float w = (float) window(n, points);
                windows[start + n] += w * w;
            }
        }
        for (int i = 0; i < signal.length; i++) signal[i] /= windows[i];
        return signal;
    }
}
