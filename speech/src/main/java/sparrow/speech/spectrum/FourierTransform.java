package sparrow.speech.spectrum;

/**
 * The discrete Fourier transform of real signals in double, cut into transforms of prime size (Cooley and Tukey 1965):
 * quick for sizes whose prime factors are small. For few spectra of many frequencies; {@link LogMel} multiplies with a
 * matrix instead. It keeps scratch memory, so one thread at a time may use it.
 *
 * <p>By hand, because it is a page, and the libraries that have one are numerics as a whole or native.
 */
final class FourierTransform {
    private final int size;
    /** Parts of exp(-2 pi i k / size). */
    private final double[] cosine;

    private final double[] sine;
    /** Parts of the spectrum, and of those of its pieces on the way. */
    private final double[] real;

    private final double[] imaginary;
    /** One value of each piece that is being combined. */
    private final double[] pieceReal;

    private final double[] pieceImaginary;

    FourierTransform(int size) {
        this.size = size;
        cosine = new double[size];
        sine = new double[size];
        for (int k = 0; k < size; k++) {
            double angle = -2 * Math.PI * k / size;
            cosine[k] = Math.cos(angle);
            sine[k] = Math.sin(angle);
        }
        real = new double[size];
        imaginary = new double[size];
        pieceReal = new double[size];
        pieceImaginary = new double[size];
    }

    /**
     * Squared magnitudes of the frequencies 0 to size/2.
     *
     * @param signal [size]
     * @param power [size/2 + 1], to be filled
     */
    void power(double[] signal, double[] power) {
        transform(signal, 0, 1, size, 0);
        for (int k = 0; k <= size / 2; k++) power[k] = real[k] * real[k] + imaginary[k] * imaginary[k];
    }

    /** The spectrum, from {@code at} on, of the n values at {@code from}, {@code from + step} and so on. */
    private void transform(double[] signal, int from, int step, int n, int at) {
        if (n == 1) {
            real[at] = signal[from];
            imaginary[at] = 0;
            return;
        }
        int pieces = smallestFactor(n);
        int length = n / pieces;
        for (int p = 0; p < pieces; p++) transform(signal, from + p * step, pieces * step, length, at + p * length);
        for (int k = 0; k < length; k++) combine(at, k, length, pieces);
    }

    /**
     * Frequencies k, k + length and so on of a whole, from frequency k of its interleaved pieces: the whole's is the
     * sum of theirs, each turned by its delay. They overwrite the pieces' frequencies.
     */
    private void combine(int at, int k, int length, int pieces) {
        int turn = size / (length * pieces);
        for (int p = 0; p < pieces; p++) {
            pieceReal[p] = real[at + p * length + k];
            pieceImaginary[p] = imaginary[at + p * length + k];
        }
        for (int frequency = k; frequency < length * pieces; frequency += length) {
            double sumReal = 0;
            double sumImaginary = 0;
            for (int p = 0; p < pieces; p++) {
                int angle = (int) ((long) p * frequency * turn % size);
                sumReal += pieceReal[p] * cosine[angle] - pieceImaginary[p] * sine[angle];
                sumImaginary += pieceReal[p] * sine[angle] + pieceImaginary[p] * cosine[angle];
            }
            real[at + frequency] = sumReal;
            imaginary[at + frequency] = sumImaginary;
        }
    }

    private static int smallestFactor(int n) {
        for (int factor = 2; factor * factor <= n; factor++) if (n % factor == 0) return factor;
        return n;
    }
}
