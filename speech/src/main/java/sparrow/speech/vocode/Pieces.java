package sparrow.speech.vocode;

import java.util.Arrays;

/** Signals that come piece by piece. */
final class Pieces {
    private Pieces() {}

    /** The second after the first. */
    static float[] joined(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** The last n values. */
    static float[] tail(float[] signal, int n) {
        return Arrays.copyOfRange(signal, signal.length - n, signal.length);
    }

    /** The symmetric Hamming window, numpy's: its first half fades in, its second half fades out. */
    static float[] hamming(int points) {
        float[] window = new float[points];
        for (int i = 0; i < points; i++) {
            window[i] = (float) (0.54 - 0.46 * Math.cos(2 * Math.PI * i / (points - 1)));
        }
        return window;
    }
}
