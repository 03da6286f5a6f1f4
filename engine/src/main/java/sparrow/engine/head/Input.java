package sparrow.engine.head;

/** The input of a position: its embedding before layer 1. */
public sealed interface Input {
    /** Id in the token list of the sequence. */
    int token();

    /**
     * A row of the embedding matrix.
     *
     * @param token its id
     */
    record Token(int token) implements Input {}

    /**
     * A vector: what an audio adaptor makes of a sound, or the sum of the embeddings of a frame.
     *
     * @param token its placeholder in the token list
     * @param values hold the residual stream before layer 1, [width], from {@code offset} on; kept, and not to be changed
     */
    record Vector(int token, float[] values, int offset) implements Input {}
}
