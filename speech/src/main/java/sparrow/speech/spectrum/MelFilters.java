package sparrow.speech.spectrum;

/**
 * Banks of triangular filters that convert spectrum frequencies to mel bins, [bins, fftSize/2 + 1], row-major. Slaney's
 * scale is linear below 1 kHz and logarithmic above; its triangles are linear in Hz and have unit area. HTK's scale is
 * logarithmic at all frequencies; Kaldi's triangles are linear in this scale and have unit height.
 */
final class MelFilters {
    private static final double LINEAR_HZ = 200.0 / 3;
    private static final double BREAK_HZ = 1000;
    private static final double BREAK_MEL = BREAK_HZ / LINEAR_HZ;
    private static final double LOG_STEP = Math.log(6.4) / 27;

    private final float[] matrix;
    private final int frequencies;

    /** The first frequency of each filter, and the frequency after its last. All others are 0 and need no sum. */
    private final int[] first;

    private final int[] end;

    private MelFilters(float[] matrix, int frequencies) {
        this.matrix = matrix;
        this.frequencies = frequencies;
        first = new int[matrix.length / frequencies];
        end = new int[first.length];
        for (int m = 0; m < first.length; m++) {
            int from = 0;
            int to = frequencies;
            while (from < to && matrix[m * frequencies + from] == 0) from++;
            while (from < to && matrix[m * frequencies + to - 1] == 0) to--;
            first[m] = from;
            end[m] = to;
        }
    }

    /** Returns Slaney's filters from 0 Hz to half the sample rate. */
    static MelFilters slaney(int bins, int fftSize, int sampleRateHz) {
        return slaney(bins, fftSize, sampleRateHz, sampleRateHz / 2.0);
    }

    /** Returns Slaney's filters from 0 Hz to {@code highestHz}. */
    static MelFilters slaney(int bins, int fftSize, int sampleRateHz, double highestHz) {
        int frequencies = fftSize / 2 + 1;
        double highest = mel(highestHz);
        float[] filters = new float[bins * frequencies];
        for (int m = 0; m < bins; m++) {
            double left = hz(m * highest / (bins + 1));
            double centre = hz((m + 1) * highest / (bins + 1));
            double right = hz((m + 2) * highest / (bins + 1));
            for (int k = 0; k < frequencies; k++) {
                double f = (double) k * sampleRateHz / fftSize;
                double height = Math.min((f - left) / (centre - left), (right - f) / (right - centre));
                filters[m * frequencies + k] = (float) (Math.max(0, height) * 2 / (right - left));
            }
        }
        return new MelFilters(filters, frequencies);
    }

    /**
     * Returns Kaldi's filters from {@code lowestHz} to half the sample rate. No filter includes the highest frequency,
     * which Kaldi's spectra do not contain.
     */
    static MelFilters kaldi(int bins, int fftSize, int sampleRateHz, double lowestHz) {
        int frequencies = fftSize / 2 + 1;
        double lowest = htkMel(lowestHz);
        double step = (htkMel(sampleRateHz / 2.0) - lowest) / (bins + 1);
        float[] filters = new float[bins * frequencies];
        for (int m = 0; m < bins; m++) {
            double centre = lowest + (m + 1) * step;
            for (int k = 0; k < frequencies - 1; k++) {
                double distance = Math.abs(htkMel((double) k * sampleRateHz / fftSize) - centre);
                filters[m * frequencies + k] = (float) Math.max(0, 1 - distance / step);
            }
        }
        return new MelFilters(filters, frequencies);
    }

    /** Returns the filters as a matrix, [bins, fftSize/2 + 1]. */
    float[] matrix() {
        return matrix;
    }

    /**
     * Applies the bank to a spectrum [fftSize/2 + 1] of finite values and writes one value per bin to {@code to},
     * starting at {@code offset}.
     */
    void apply(double[] spectrum, float[] to, int offset) {
        for (int m = 0; m < first.length; m++) {
            double sum = 0;
            for (int k = first[m]; k < end[m]; k++) sum += matrix[m * frequencies + k] * spectrum[k];
            to[offset + m] = (float) sum;
        }
    }

    private static double htkMel(double hz) {
        return 1127 * Math.log(1 + hz / 700);
    }

    static double mel(double hz) {
        return hz < BREAK_HZ ? hz / LINEAR_HZ : BREAK_MEL + Math.log(hz / BREAK_HZ) / LOG_STEP;
    }

    static double hz(double mel) {
        return mel < BREAK_MEL ? mel * LINEAR_HZ : BREAK_HZ * Math.exp((mel - BREAK_MEL) * LOG_STEP);
    }
}
