package sparrow.engine.interleave;

import java.util.Arrays;
import java.util.List;

/**
 * A unit of a reply, which is the output of one position and the input of the next. Units with equal contents are
 * equal.
 */
public sealed interface Unit {
    /** Returns tokens with the given ids. */
    static List<Unit> tokens(int... ids) {
        return Arrays.stream(ids).<Unit>mapToObj(Token::new).toList();
    }

    /**
     * Returns the ids of tokens.
     *
     * @throws IllegalStateException if a unit is a frame
     */
    static int[] ids(List<Unit> tokens) {
        return tokens.stream()
                .mapToInt(unit -> {
                    if (unit instanceof Token(int id)) return id;
                    throw new IllegalStateException("unit: expected a token, got " + unit);
                })
                .toArray();
    }

    /**
     * A text or speech token of the vocabulary.
     *
     * @param id token id, counted from 0
     */
    record Token(int id) implements Unit {}

    /**
     * A frame of speech with one code from each codebook. A small separate decoder decides all its codes at one
     * position.
     *
     * @param codes codes in codebook order, each at least 0
     */
    record Frame(List<Integer> codes) implements Unit {
        public Frame {
            codes = List.copyOf(codes);
        }
    }
}
