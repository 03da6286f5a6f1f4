package sparrow.speech.spectrum;

/** Triangular filters on Slaney's mel scale, each of unit area: linear below 1 kHz, logarithmic above. */
final class MelFilters {
    private static final double LINEAR_HZ = 200.0 / 3;
    private static final double BREAK_HZ = 1000;
    private static final double BREAK_MEL = BREAK_HZ / LINEAR_HZ;
    private static final double LOG_STEP = Math.log(6.4) / 27;

    private MelFilters() {}

    /**
     * The filter bank from 0 Hz to half the sample rate.
     *
     * @return [bins, fftSize/2 + 1], row-major: what a linear layer from power spectrum to mel needs
     */
    static float[] slaney(int bins, int fftSize, int sampleRateHz) {
        int frequencies = fftSize / 2 + 1;
        double highest = mel(sampleRateHz / 2.0);
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
        return filters;
    }

    static double mel(double hz) {
        return hz < BREAK_HZ ? hz / LINEAR_HZ : BREAK_MEL + Math.log(hz / BREAK_HZ) / LOG_STEP;
    }

    static double hz(double mel) {
        return mel < BREAK_MEL ? mel * LINEAR_HZ : BREAK_HZ * Math.exp((mel - BREAK_MEL) * LOG_STEP);
    }
}
