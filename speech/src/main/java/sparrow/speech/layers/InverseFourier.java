package sparrow.speech.layers;

/** The inverse Fourier transform of real signals as a matrix, suitable for up to a few thousand points. */
public final class InverseFourier {
    private InverseFourier() {}

    /**
     * Creates a layer that converts spectra [rows, 2 * bins], real parts first, to windowed signals [rows, points]. The
     * imaginary parts of the first and last bins have no effect.
     *
     * @param window window, [points]; the number of points must be even
     */
    public static Linear of(LayerReader reader, double[] window) {
        int points = window.length;
        int bins = points / 2 + 1;
        float[] matrix = new float[points * 2 * bins];
        for (int k = 0; k < bins; k++) {
            // The bins between the first and the last also represent their mirror images.
            double share = (k == 0 || k == bins - 1 ? 1.0 : 2.0) / points;
            for (int n = 0; n < points; n++) {
                double angle = 2 * Math.PI * k * n / points;
                matrix[n * 2 * bins + k] = (float) (window[n] * share * Math.cos(angle));
                matrix[n * 2 * bins + bins + k] = (float) (-window[n] * share * Math.sin(angle));
            }
        }
        return new Linear(reader.kernels(), reader.pack(matrix, points, 2 * bins), null);
    }
}
