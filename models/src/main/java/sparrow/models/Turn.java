package sparrow.models;

/** Where in a conversation a question stands. */
public enum Turn {
    /** The conversation begins with it. */
    FIRST,
    /** It follows a reply. */
    LATER
}
