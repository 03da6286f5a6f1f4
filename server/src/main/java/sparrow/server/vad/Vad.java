package sparrow.server.vad;

/**
 * Voice activity detection: how probable it is that a frame of sound holds speech, given the frames before it. It
 * belongs to one sound, and to one thread at a time.
 */
public interface Vad {
    /** Samples per second of what a detector hears. */
    int RATE_HZ = 16_000;

    /** Samples of a frame: 32 ms. */
    int FRAME_SAMPLES = 512;

    /**
     * Hears the next frame.
     *
     * @param samples {@link #FRAME_SAMPLES} of them from {@code offset} on, full scale is -1 to 1; what is beyond counts as
     *     full scale and NaN as 0
     * @return probability of speech, 0 to 1
     * @throws IndexOutOfBoundsException if there are fewer; nothing is heard then
     */
    float probability(float[] samples, int offset);

    /** Forgets what was heard: the next frame is the first of a sound. */
    void reset();
}
