package sparrow.server.vad;

/**
 * Voice activity detection: the probability that a frame of sound contains speech, given the frames before it. A
 * detector belongs to one sound, and to one thread at a time.
 */
public interface Vad {
    /** Sample rate of the input, Hz. */
    int RATE_HZ = 16_000;

    /** Samples per frame: 32 ms. */
    int FRAME_SAMPLES = 512;

    /**
     * Returns the probability that the next frame contains speech.
     *
     * @param samples {@link #FRAME_SAMPLES} of them from {@code offset} on, full scale is -1 to 1; values beyond count
     *     as full scale and NaN as 0
     * @return probability of speech, 0 to 1
     * @throws IndexOutOfBoundsException if there are fewer samples; the detector is unchanged
     */
    float probability(float[] samples, int offset);

    /** Resets the state: the next frame is the first of a sound. */
    void reset();
}
