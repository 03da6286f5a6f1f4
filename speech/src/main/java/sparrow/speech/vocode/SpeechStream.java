package sparrow.speech.vocode;

/**
 * An utterance whose codes arrive in blocks. For any block boundaries, all blocks together have as many samples as one
 * synthesis of the entire utterance.
 *
 * <p>Instances must be used by one thread at a time.
 */
public interface SpeechStream {
    /**
     * Accepts the next codes and returns the samples that have become final.
     *
     * @param block codes in order; any number of complete frames, including none
     * @param last whether this is the last block; in this case, all remaining samples are returned
     * @return mono samples with full scale -1 to 1, which continue the samples returned before; may be empty
     * @throws IllegalArgumentException if a code is out of range, or if a frame is not complete; the stream is then
     *     unchanged
     * @throws IllegalStateException if the last block has already been accepted
     */
    float[] accept(int[] block, boolean last);
}
