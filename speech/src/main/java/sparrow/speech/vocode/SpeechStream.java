package sparrow.speech.vocode;

/**
 * An utterance whose codes arrive block by block. For any cuts, all blocks together have as many samples as one
 * synthesis of the whole.
 *
 * <p>For one thread at a time.
 */
public interface SpeechStream {
    /**
     * Takes the next codes and gives the samples that are final now.
     *
     * @param block codes in order; any number of whole frames, also none
     * @param last true if no more codes follow; everything held back is given then
     * @return mono samples, full scale is -1 to 1, the continuation of those given before; may be none
     * @throws IllegalArgumentException if a code is out of range, or a frame is not whole; nothing has changed then
     * @throws IllegalStateException if the last block has been taken already
     */
    float[] accept(int[] block, boolean last);
}
