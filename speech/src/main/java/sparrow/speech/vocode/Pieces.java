package sparrow.speech.vocode;

import java.util.Arrays;

/** Helper methods for signals that arrive in pieces. */
final class Pieces {
    private Pieces() {}

    /** Concatenates two signals. */
    static float[] joined(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** Returns the last {@code n} values. */
    static float[] tail(float[] signal, int n) {
        return Arrays.copyOfRange(signal, signal.length - n, signal.length);
    }

    /** Returns NumPy's symmetric Hamming window. Its first half is used to fade in, and its second half to fade out. */
    static float[] hamming(int points) {
        float[] window = new float[points];
        for (int i = 0; i < points; i++) {
            window[i] = (float) (0.54 - 0.46 * Math.cos(2 * Math.PI * i / (points - 1)));
        }
        return window;
    }
}
