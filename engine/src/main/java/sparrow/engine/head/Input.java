package sparrow.engine.head;

/** A position's input, which determines its residual stream before layer 1. */
public sealed interface Input {
    /** Returns the id stored in the sequence's token list. */
    int token();

    /**
     * The embedding of a token.
     *
     * @param token token id
     */
    record Token(int token) implements Input {}

    /**
     * A vector, which is an output of an audio adaptor or the sum of the embeddings of a frame's codes.
     *
     * @param token placeholder id in the token list
     * @param values array with the residual stream before layer 1, [width], at {@code offset}; not copied and must not
     *     be changed
     */
    record Vector(int token, float[] values, int offset) implements Input {}
}
