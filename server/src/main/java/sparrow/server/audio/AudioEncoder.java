package sparrow.server.audio;

/**
 * Makes the bytes of one reply from its samples, while they come. Cuts between calls do not show in what the bytes sound like. Not
 * thread-safe.
 */
public interface AudioEncoder {
    /**
     * The bytes that these samples complete; maybe none.
     *
     * @throws IllegalStateException after the end
     */
    byte[] accept(float[] samples);

    /**
     * Ends the reply: the bytes that are left; maybe none.
     *
     * @throws IllegalStateException after the end
     */
    byte[] finish();
}
