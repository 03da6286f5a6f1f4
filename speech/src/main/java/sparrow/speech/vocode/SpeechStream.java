package sparrow.speech.vocode;

/**
 * An utterance whose codes arrive block by block. For any block boundaries, all blocks together have as many samples as
 * one synthesis of the whole utterance.
 *
 * <p>For one thread at a time.
 */
public interface SpeechStream {
    /**
     * Accepts the next codes and returns the samples that have become final.
     *
     * @param block codes in order; any number of whole frames, including none
     * @param last true if no more codes follow; all remaining samples are returned then
     * @return mono samples with full scale -1 to 1, which continue those returned before; may be empty
     * @throws IllegalArgumentException if a code is out of range, or a frame is not complete; the stream is unchanged
     *     then
     * @throws IllegalStateException if the last block was accepted already
     */
    float[] accept(int[] block, boolean last);
}
