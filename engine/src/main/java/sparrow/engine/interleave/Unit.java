package sparrow.engine.interleave;

import java.util.List;

/** One decision of a reply: the output of one position, and the input of the next. Equal units have equal contents. */
public sealed interface Unit {
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
