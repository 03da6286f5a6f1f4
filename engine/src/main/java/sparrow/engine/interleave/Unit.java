package sparrow.engine.interleave;

import java.util.Arrays;
import java.util.List;

/** One decision of a reply: the output of one position, and the input of the next. Equal units have equal contents. */
public sealed interface Unit {
    /** Tokens with these ids. */
    static List<Unit> tokens(int... ids) {
        return Arrays.stream(ids).<Unit>mapToObj(Token::new).toList();
    }

    /**
     * The ids of tokens.
     *
     * @throws IllegalStateException if one is a frame
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
     * A frame of speech: one code of each codebook, made by a small decoder of its own at one position.
     *
     * @param codes from 0, the first codebook first
     */
    record Frame(List<Integer> codes) implements Unit {
        public Frame {
            codes = List.copyOf(codes);
        }
    }
}
