package sparrow.models;

/** Where in a conversation a question stands. */
public enum TurnPosition {
    /** The conversation begins with it. */
    FIRST,
    /** It follows a reply. */
    LATER
}
