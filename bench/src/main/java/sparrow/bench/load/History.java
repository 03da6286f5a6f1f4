package sparrow.bench.load;

/** The use of earlier turns. */
public enum History {
    /** It is deleted: every question is the first of a conversation. */
    FORGOTTEN,
    /** A talker's questions follow one another in one conversation, whose context fills. */
    KEPT
}
