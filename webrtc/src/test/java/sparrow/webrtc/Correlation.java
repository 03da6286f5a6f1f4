package sparrow.webrtc;

import sparrow.speech.wave.Waveform;

/** Compares sounds whose positions in time differ. */
final class Correlation {
    private static final int RATE_HZ = 24_000;
    private static final int WINDOW = RATE_HZ / 5;
    /** Players stretch and shorten sound by a few milliseconds where packets are late. */
    private static final int DRIFT = RATE_HZ / 50;

    private Correlation() {}

    /**
     * Returns the correlation of a sound with its best match in a recording, from -1 to 1. The match is found once for the
     * whole sound, and then in windows of 200 ms, each close to the one before it.
     */
    static double best(Waveform sound, Waveform recording) {
        float[] wanted = sound.at(RATE_HZ).samples();
        float[] heard = recording.at(RATE_HZ).samples();
        int lag = lag(wanted, 0, wanted.length, heard, 0, heard.length - wanted.length, 4);
        double product = 0;
        double wantedEnergy = 0;
        double heardEnergy = 0;
        for (int from = 0; from + WINDOW <= wanted.length; from += WINDOW) {
            lag = lag(wanted, from, from + WINDOW, heard, lag - DRIFT, lag + DRIFT, 1);
            for (int i = from; i < from + WINDOW; i++) {
                double other = i + lag < 0 || i + lag >= heard.length ? 0 : heard[i + lag];
                product += wanted[i] * other;
                wantedEnergy += wanted[i] * wanted[i];
                heardEnergy += other * other;
            }
        }
        return product / Math.sqrt(wantedEnergy * heardEnergy);
    }

    private static int lag(float[] wanted, int from, int to, float[] heard, int minLag, int maxLag, int step) {
        int best = minLag;
        double most = Double.NEGATIVE_INFINITY;
        for (int lag = minLag; lag <= maxLag; lag += step) {
            double product = 0;
            int begin = Math.max(from, -lag);
            int end = Math.min(to, heard.length - lag);
            for (int i = begin; i < end; i += step) product += wanted[i] * heard[i + lag];
            if (product > most) {
                most = product;
                best = lag;
            }
        }
        return best;
    }
}
