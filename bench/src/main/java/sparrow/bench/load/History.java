package sparrow.bench.load;

/** The treatment of a conversation's earlier turns. */
public enum History {
    /** Earlier turns are deleted, so that each question is the first of a conversation. */
    FORGOTTEN,
    /** All questions of a talker belong to one conversation, whose context grows. */
    KEPT
}
