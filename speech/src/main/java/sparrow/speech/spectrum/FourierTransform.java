package sparrow.speech.spectrum;

/**
 * The discrete Fourier transform of real signals in double precision, decomposed into transforms of prime size (Cooley
 * and Tukey 1965), which is fast for sizes with small prime factors. It is used for small numbers of spectra with many
 * frequencies; {@link LogMel} multiplies by a matrix instead. It contains scratch memory, so it must be used by one
 * thread at a time.
 *
 * <p>No library is used, because libraries with a Fourier transform are large or native.
 */
final class FourierTransform {
    private final int size;
    /** Real and imaginary parts of exp(-2 pi i k / size). */
    private final double[] cosine;

    private final double[] sine;
    /** Real and imaginary parts of the spectrum. During computation, these arrays contain the spectra of the pieces. */
    private final double[] real;

    private final double[] imaginary;
    /** Real and imaginary parts of one frequency in each piece that is being combined. */
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
     * Computes the squared magnitudes of frequencies 0 to size/2.
     *
     * @param signal samples, [size]
     * @param power array that receives the result, [size/2 + 1]
     */
    void power(double[] signal, double[] power) {
        transform(signal, 0, 1, size, 0);
        for (int k = 0; k <= size / 2; k++) power[k] = real[k] * real[k] + imaginary[k] * imaginary[k];
    }

    /**
     * Computes the spectrum of the {@code n} values at {@code from}, {@code from + step} and so on. The result begins
     * at index {@code at}.
     */
    private void transform(double[] signal, int from, int step, int n, int at) {
        if (n == 1) {
            real[at] = signal[from];
            imaginary[at] = 0;
            return;
        }
        int pieces = smallestFactor(n);
        int length = n / pieces;
        for (int p = 0; p < pieces; p++) transform(signal, from + p * step, pieces * step, length, at + p * length);
        if (pieces == 2) combineTwo(at, length);
        else for (int k = 0; k < length; k++) combine(at, k, length, pieces);
    }

    /** Computes the same results as {@link #combine} for two pieces, of which only the second is rotated. */
    private void combineTwo(int at, int length) {
        int turn = size / (length * 2);
        for (int k = 0; k < length; k++) {
            int low = at + k;
            int high = low + length;
            int angle = k * turn;
            int opposite = angle + length * turn;
            double r = real[high];
            double i = imaginary[high];
            real[high] = real[low] + (r * cosine[opposite] - i * sine[opposite]);
            imaginary[high] = imaginary[low] + (r * sine[opposite] + i * cosine[opposite]);
            real[low] += r * cosine[angle] - i * sine[angle];
            imaginary[low] += r * sine[angle] + i * cosine[angle];
        }
    }

    /**
     * Computes frequencies k, k + length and so on from frequency k of the interleaved pieces. Each result is a sum of
     * the pieces' values, each rotated by the delay of its piece. The results overwrite the pieces' frequencies.
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
            int angle = 0; // p * frequency * turn, modulo size
            for (int p = 0; p < pieces; p++) {
                sumReal += pieceReal[p] * cosine[angle] - pieceImaginary[p] * sine[angle];
                sumImaginary += pieceReal[p] * sine[angle] + pieceImaginary[p] * cosine[angle];
                angle += frequency * turn;
                if (angle >= size) angle -= size;
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
