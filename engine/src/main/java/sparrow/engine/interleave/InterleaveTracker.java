package sparrow.engine.interleave;

/**
 * Expects the modality of the next token, from the tokens decided so far. The pattern is learned by the model, not
 * forced on it, so what was really decided counts: a speech token takes a speech slot and any other a text slot, wherever
 * it comes. Speech at a text slot, or padding in it, means that the text has ended; text at a speech slot opens a new text
 * run.
 *
 * <p>Without {@link SpeechMarks} (GLM-4-Voice) a reply speaks from its first token on, and once the text has ended speech
 * runs in chunks without text between them. With them (Step-Audio-2) it speaks between the marks, a prompt that ends with
 * the start mark asks for speech, every chunk has its text slot, and outside of the marks only text is expected: one run
 * without end.
 *
 * <p>For one thread at a time.
 */
public final class InterleaveTracker {
    private final InterleaveFormat format;
    private final TokenSpace tokens;
    private final boolean textSlotStays;
    private boolean speaks;
    private Modality modality = Modality.TEXT;
    private int chunkPosition = 1;
    private boolean textEnded;
    private int tail;

    /**
     * What a tracker expects, to return to ({@link #rollBack}).
     *
     * @param speaks whether speech slots come
     * @param modality of the next token
     * @param chunkPosition of the next token, from 1
     * @param textEnded whether the text has ended
     * @param tail speech tokens since then
     */
    public record Mark(boolean speaks, Modality modality, int chunkPosition, boolean textEnded, int tail) {}

    /**
     * Expects the first token of a reply.
     *
     * @param asked the last id of the prompt
     */
    public InterleaveTracker(InterleaveFormat format, TokenSpace tokens, int asked) {
        this.format = format;
        this.tokens = tokens;
        this.textSlotStays = tokens.speech().marks().isPresent();
        this.speaks = !textSlotStays || tokens.kind(asked) == TokenKind.SPEECH_START;
    }

    /** Modality that the next token is expected to have. */
    public Modality modality() {
        return modality;
    }

    /** Place of the next token in its run of one modality, from 1. */
    public int chunkPosition() {
        return chunkPosition;
    }

    /** Speech tokens since the text ended; 0 while text is still expected. */
    public int speechTail() {
        return tail;
    }

    /** Where the tracker stands. */
    public Mark mark() {
        return new Mark(speaks, modality, chunkPosition, textEnded, tail);
    }

    /** Forgets the tokens decided since a mark of this tracker. */
    public void rollBack(Mark mark) {
        speaks = mark.speaks;
        modality = mark.modality;
        chunkPosition = mark.chunkPosition;
        textEnded = mark.textEnded;
        tail = mark.tail;
    }

    /** Takes note of a decided token. */
    public void accept(int token) {
        switch (tokens.kind(token)) {
            case TEXT -> {
                textGoesOn();
                take(Modality.TEXT);
            }
            case TEXT_PADDING -> {
                textEnded = true;
                take(Modality.TEXT);
            }
            case SPEECH -> {
                speaks = true;
                if (modality == Modality.TEXT) textEnded = true;
                if (textEnded) tail++;
                take(Modality.SPEECH);
            }
            case SPEECH_START -> begin(true);
            case SPEECH_END -> begin(false);
        }
    }

    private void textGoesOn() {
        textEnded = false;
        tail = 0;
    }

    /** A mark: what follows begins with text, and is spoken or not. */
    private void begin(boolean spoken) {
        speaks = spoken;
        textGoesOn();
        modality = Modality.TEXT;
        chunkPosition = 1;
    }

    /** A slot of this modality is taken, whichever was expected. */
    private void take(Modality decided) {
        if (decided != modality) {
            modality = decided;
            chunkPosition = 1;
        }
        if (chunkPosition < runLength()) {
            chunkPosition++;
            return;
        }
        chunkPosition = 1;
        boolean speechGoesOn = textEnded && !textSlotStays;
        modality = modality == Modality.TEXT || speechGoesOn ? Modality.SPEECH : Modality.TEXT;
    }

    private int runLength() {
        return switch (modality) {
            case TEXT -> speaks ? format.textTokens() : Integer.MAX_VALUE;
            case SPEECH -> format.speechTokens();
        };
    }
}
