package sparrow.models;

/** The position of a question in a conversation. */
public enum TurnPosition {
    /** The conversation begins with it. */
    FIRST,
    /** It follows a reply. */
    LATER
}
