package sparrow.engine.decode;

/**
 * Hidden states that take the place of token embeddings in a prompt: what an audio adaptor makes of a sound, laid over
 * the positions that its placeholder tokens hold.
 *
 * @param at index in the prompt of the first position, from 0
 * @param rows residual streams before layer 1 of the positions from {@code at} on, [positions, width]
 */
public record PromptEmbeddings(int at, float[] rows) {
    /** The index behind the last position. */
    int end(int width) {
        return at + rows.length / width;
    }

    /**
     * Holds the rows against a prompt.
     *
     * @param from index of the first position that they may replace
     * @param length tokens of the prompt
     * @throws IllegalArgumentException in one line if they are no whole rows, or lie elsewhere
     */
    void check(int from, int length, int width) {
        if (rows.length % width != 0) {
            throw new IllegalArgumentException(
                    "prompt rows at " + at + ": expected rows of " + width + " numbers, got " + rows.length);
        }
        if (at < from || at > length || end(width) > length) {
            throw new IllegalArgumentException("prompt rows at " + at + ": expected positions from " + from + " to "
                    + (length - 1) + ", got " + rows.length / width + " rows from " + at);
        }
    }
}
