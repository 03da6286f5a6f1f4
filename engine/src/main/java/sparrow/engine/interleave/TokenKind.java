package sparrow.engine.interleave;

/** The effect of a token on the alternation of text and speech. */
enum TokenKind {
    /** Takes a text slot: text, and every control token that is not named below. */
    TEXT,
    /** Takes a text slot, and says that the text has run out. */
    TEXT_PADDING,
    /** Takes a speech slot, whether it is heard or not. */
    SPEECH,
    /** Opens speech. */
    SPEECH_START,
    /** Closes speech. */
    SPEECH_END
}
