package sparrow.engine.decode;

import sparrow.engine.exit.Modality;

/**
 * Expects the modality of the next token, from the tokens decided so far. The pattern is learned by the model, not
 * forced on it: a speech token at a text position means that the text has ended, and from then on speech runs in
 * chunks without text between them; a text token at a speech position opens a new text run.
 */
final class InterleaveTracker {
    private final InterleaveFormat format;
    private Modality modality = Modality.TEXT;
    private int chunkPosition = 1;
    private int tail;
    private boolean textEnded;

    InterleaveTracker(InterleaveFormat format) {
        this.format = format;
    }

    /** Modality that the next token is expected to have. */
    Modality modality() {
        return modality;
    }

    /** Place of the next token in its run of one modality, from 1. */
    int chunkPosition() {
        return chunkPosition;
    }

    /** Speech tokens since the text ended; 0 while text is still expected. */
    int speechTail() {
        return tail;
    }

    /** Takes note of a decided token. */
    void accept(Modality decided) {
        if (decided != modality) {
            textEnded = decided == Modality.SPEECH;
            modality = decided;
            chunkPosition = 1;
        }
        tail = textEnded ? tail + 1 : 0;
        int run = modality == Modality.TEXT ? format.textTokens() : format.speechTokens();
        if (chunkPosition < run) {
            chunkPosition++;
            return;
        }
        chunkPosition = 1;
        if (modality == Modality.TEXT) modality = Modality.SPEECH;
        else if (!textEnded) modality = Modality.TEXT;
    }
}
