package sparrow.engine.interleave;

/** The effect of a token on the alternation of text and speech. */
enum TokenKind {
    /** Takes a text slot: text, and every control token of no other kind. */
    TEXT,
    /** Takes a text slot after the end of the text. */
    TEXT_PADDING,
    /** Takes a speech slot: a code, or audio padding. */
    SPEECH,
    /** Marks the start of speech. */
    SPEECH_START,
    /** Marks the end of speech. */
    SPEECH_END
}
