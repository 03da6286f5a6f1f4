package sparrow.models;

/** The position of a question in a conversation. */
public enum TurnPosition {
    /** The question begins the conversation. */
    FIRST,
    /** The question follows a reply. */
    LATER
}
