package sparrow.engine.decode;

/**
 * Whose exits the depth of a pass follows. A pass reads the upper layers as soon as one of its positions needs them, so what
 * early exit saves in a batch depends on exits that fall together.
 */
public enum Alignment {
    /** Each reply follows its own schedule, so that its tokens do not depend on its neighbours. */
    STRICT,
    /**
     * The pass has a depth. It is full if any position must be: one of text, without an exit, at the head of a chunk whose
     * pattern begins with F, or with K - 1 early ones of its chunk before it. Then those that could have left decide at full depth too,
     * which costs no more, since they would be filled in this pass anyway. Else all leave early. Alone, or for other
     * policies than even, odd and triple of speech, this is {@link #STRICT}.
     */
    PASS
}
