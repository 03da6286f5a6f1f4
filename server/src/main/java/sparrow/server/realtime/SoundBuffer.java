package sparrow.server.realtime;

import java.util.Arrays;

/** Samples that a client appended and did not commit yet, where it says itself when a turn ends. */
final class SoundBuffer {
    private static final int SMALLEST = 1 << 12;

    private float[] samples = new float[0];
    private int length;

    int length() {
        return length;
    }

    void append(float[] more) {
        int needed = Math.addExact(length, more.length);
        if (needed > samples.length) samples = Arrays.copyOf(samples, Math.max(SMALLEST, needed + needed / 2));
        System.arraycopy(more, 0, samples, length, more.length);
        length = needed;
    }

    /** A copy of all of it. */
    float[] copy() {
        return Arrays.copyOf(samples, length);
    }

    void clear() {
        samples = new float[0];
        length = 0;
    }
}
