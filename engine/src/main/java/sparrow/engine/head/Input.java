package sparrow.engine.head;

/** The input of a position: the source of its residual stream before layer 1. */
public sealed interface Input {
    /** Id in the token list of the sequence. */
    int token();

    /**
     * The embedding of a token.
     *
     * @param token id of the token
     */
    record Token(int token) implements Input {}

    /**
     * A vector: an output of an audio adaptor, or the sum of the embeddings of a frame's codes.
     *
     * @param token placeholder in the token list
     * @param values contains the residual stream before layer 1, [width], from {@code offset} on; not copied, and must
     *     not be changed
     */
    record Vector(int token, float[] values, int offset) implements Input {}
}
