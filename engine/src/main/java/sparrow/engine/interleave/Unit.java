package sparrow.engine.interleave;

import java.util.Arrays;
import java.util.List;

/**
 * A decision of a reply: the output of one position, and the input of the next. Units are equal if their contents are.
 */
public sealed interface Unit {
    /** Returns tokens with these ids. */
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
     * A token of the vocabulary, of text or of speech.
     *
     * @param id from 0
     */
    record Token(int id) implements Unit {}

    /**
     * A frame of speech: one code of each codebook, all decided at one position by a small separate decoder.
     *
     * @param codes codes, each from 0, in the order of the codebooks
     */
    record Frame(List<Integer> codes) implements Unit {
        public Frame {
            codes = List.copyOf(codes);
        }
    }
}
