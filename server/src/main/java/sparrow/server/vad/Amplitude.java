package sparrow.server.vad;

import java.util.Objects;

/**
 * Clips clients' samples to full scale. A single NaN would remain in the state of a recurrent network for the rest of
 * the session.
 */
final class Amplitude {
    private Amplitude() {}

    /** Copies n samples. Values beyond full scale are clipped, and NaN becomes 0. */
    static void copy(float[] samples, int offset, float[] to, int toOffset, int n) {
        Objects.checkFromIndexSize(offset, n, samples.length);
        for (int i = 0; i < n; i++) to[toOffset + i] = of(samples[offset + i]);
    }

    private static float of(float sample) {
        return Float.isNaN(sample) ? 0 : Math.clamp(sample, -1f, 1f);
    }
}
