package sparrow.server.vad;

/**
 * A voice activity detector, which returns the probability that a frame of audio contains speech, given the previous
 * frames. A detector belongs to one audio stream and is used by one thread at a time.
 */
public interface Vad {
    /** Sample rate of the input in Hz. */
    int RATE_HZ = 16_000;

    /** Number of samples per frame of 32 ms. */
    int FRAME_SAMPLES = 512;

    /**
     * Returns the probability that the next frame contains speech.
     *
     * @param samples {@link #FRAME_SAMPLES} samples, starting at {@code offset}, from -1 to 1; other values are
     *     clipped, and NaN becomes 0
     * @return the probability, from 0 to 1
     * @throws IndexOutOfBoundsException if there are fewer samples than that; the detector is then unchanged
     */
    float probability(float[] samples, int offset);

    /** Resets the state. The next frame is treated as the first frame of an audio stream. */
    void reset();
}
