package sparrow.engine.interleave;

/**
 * Tracks a reply whose units are tokens. The model has learned the pattern and is not forced to follow it, so the
 * tracker depends on the decided tokens. A speech token occupies a speech slot and any other token a text slot, even if
 * the other modality was expected. Speech or padding at a text slot means that the text has ended; text at a speech
 * slot starts a new text run.
 *
 * <p>Without {@link SpeechMarks} (GLM-4-Voice), a reply contains speech starting with its first cycle, and after the
 * end of the text, speech continues in chunks without text between them. With marks (Step-Audio-2), speech is expected
 * between the marks, even if the start mark is the last token of the prompt, and every chunk has a text slot. Outside
 * the marks, only text is expected, in one run of any length.
 *
 * @param speaks whether speech is expected after a text run
 * @param modality expected modality of the next token
 * @param chunkPosition position of the next token in its chunk, counted from 1
 * @param textEnded whether the text has ended
 * @param speechTail number of speech tokens since the text ended
 */
record TokenTracker(
        InterleaveFormat format,
        TokenSpace tokens,
        boolean speaks,
        Modality modality,
        int chunkPosition,
        boolean textEnded,
        int speechTail)
        implements InterleaveTracker {
    /** Creates the tracker for a reply to a prompt that ends with the given id. */
    static TokenTracker of(InterleaveFormat format, TokenSpace tokens, int lastPromptToken) {
        boolean speaks = !textSlotStays(tokens) || tokens.kind(lastPromptToken) == TokenKind.SPEECH_START;
        return new TokenTracker(format, tokens, speaks, Modality.TEXT, 1, false, 0);
    }

    private static boolean textSlotStays(TokenSpace tokens) {
        return tokens.speech().marks().isPresent();
    }

    @Override
    public TokenTracker accept(Unit unit) {
        if (!(unit instanceof Unit.Token(int id))) {
            throw new IllegalArgumentException("unit: expected a token, got " + unit);
        }
        return switch (tokens.kind(id)) {
            case TEXT -> ended(false, 0).take(Modality.TEXT);
            case TEXT_PADDING -> ended(true, speechTail).take(Modality.TEXT);
            case SPEECH -> {
                boolean ended = textEnded || modality == Modality.TEXT;
                yield speaking(true)
                        .ended(ended, ended ? speechTail + 1 : speechTail)
                        .take(Modality.SPEECH);
            }
            case SPEECH_START -> speaking(true).ended(false, 0).at(Modality.TEXT, 1);
            case SPEECH_END -> speaking(false).ended(false, 0).at(Modality.TEXT, 1);
        };
    }

    private TokenTracker speaking(boolean now) {
        return new TokenTracker(format, tokens, now, modality, chunkPosition, textEnded, speechTail);
    }

    private TokenTracker ended(boolean text, int tail) {
        return new TokenTracker(format, tokens, speaks, modality, chunkPosition, text, tail);
    }

    private TokenTracker at(Modality next, int position) {
        return new TokenTracker(format, tokens, speaks, next, position, textEnded, speechTail);
    }

    /** Returns the tracker after a slot of the given modality. This modality may differ from the expected modality. */
    private TokenTracker take(Modality decided) {
        int taken = decided == modality ? chunkPosition : 1;
        if (taken < runLength(decided)) return at(decided, taken + 1);
        boolean speechGoesOn = textEnded && !textSlotStays(tokens);
        return at(decided == Modality.TEXT || speechGoesOn ? Modality.SPEECH : Modality.TEXT, 1);
    }

    private int runLength(Modality run) {
        return switch (run) {
            case TEXT -> speaks ? format.textTokens() : Integer.MAX_VALUE;
            case SPEECH -> format.speechTokens();
        };
    }
}
