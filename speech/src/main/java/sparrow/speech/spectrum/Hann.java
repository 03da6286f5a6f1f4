package sparrow.speech.spectrum;

import java.util.Arrays;

/** The Hann window. */
public final class Hann {
    private Hann() {}

    /** Returns value i of the periodic window of n values: 0.5 - 0.5 cos(2 pi i / n). */
    static double periodic(int i, int n) {
        return 0.5 - 0.5 * Math.cos(2 * Math.PI * i / n);
    }

    /** Returns the periodic window of n values. */
    public static double[] window(int n) {
        double[] window = new double[n];
        Arrays.setAll(window, i -> periodic(i, n));
        return window;
    }
}
