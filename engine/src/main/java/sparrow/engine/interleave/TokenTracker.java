package sparrow.engine.interleave;

/**
 * Follows a reply whose units are tokens. The pattern is learned by the model, not forced on it, so the token that was decided
 * counts: a speech token takes a speech slot and any other a text slot, wherever it comes. Speech at a text slot, or padding in it,
 * means that the text has ended; text at a speech slot opens a new text run.
 *
 * <p>Without {@link SpeechMarks} (GLM-4-Voice) a reply speaks from its first token on, and once the text has ended speech
 * runs in chunks without text between them. With them (Step-Audio-2) it speaks between the marks, a prompt that ends with
 * the start mark asks for speech, every chunk has its text slot, and outside of the marks only text is expected: one run
 * without end.
 *
 * @param speaks whether speech slots come
 * @param modality of the next token
 * @param chunkPosition of the next token, from 1
 * @param textEnded whether the text has ended
 * @param speechTail speech tokens since then
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
    /** The first token of a reply to a prompt with this last id. */
    static TokenTracker begin(InterleaveFormat format, TokenSpace tokens, int asked) {
        boolean speaks = !textSlotStays(tokens) || tokens.kind(asked) == TokenKind.SPEECH_START;
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

    /** Behind a slot of this modality, whichever was expected. */
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
