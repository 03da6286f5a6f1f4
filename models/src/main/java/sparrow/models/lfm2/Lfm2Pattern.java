package sparrow.models.lfm2;

import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.models.frame.ReplyPattern;

/**
 * The order of text and speech in a reply of LFM2-Audio. A reply begins with text after any question.
 *
 * @param order the model's mode
 * @param tokens special token ids
 * @param interleave text ids and frames per cycle
 */
record Lfm2Pattern(Order order, Lfm2Tokens tokens, InterleaveFormat interleave) implements ReplyPattern {
    /** The order of text and speech in each mode of the model. */
    enum Order {
        /** Text and speech alternate, as in a conversation. */
        INTERLEAVED,
        /** Speech follows the text, as in transcription and reading aloud. */
        SEQUENTIAL
    }

    @Override
    public InterleaveTracker newTracker(int lastPromptToken) {
        return switch (order) {
            case INTERLEAVED -> FrameTracker.interleaved(interleave, tokens.textEnd());
            case SEQUENTIAL -> FrameTracker.sequential(interleave, tokens.audioStart());
        };
    }

    @Override
    public boolean isEnd(int token) {
        return token == tokens.turnEnd();
    }

    @Override
    public boolean mayBreak(int token) {
        return token == tokens.textEnd() || token == tokens.audioStart();
    }
}
