package sparrow.engine.interleave;

/** The effect of a token on the alternation of text and speech. */
enum TokenKind {
    /** Occupies a text slot: text, or a control token of no other kind. */
    TEXT,
    /** Occupies a text slot after the end of the text. */
    TEXT_PADDING,
    /** Occupies a speech slot: a code or audio padding. */
    SPEECH,
    /** Marks the start of speech. */
    SPEECH_START,
    /** Marks the end of speech. */
    SPEECH_END
}
