package sparrow.models.lfm2;

import java.util.List;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/** The place of a reply in the order of text and frames, in one of the two ways in which the model is used. */
sealed interface FrameTracker extends InterleaveTracker {
    /** Returns the place of the first unit of a conversation's reply. */
    static FrameTracker interleaved(InterleaveFormat format, int textEnd) {
        return new Interleaved(format, textEnd, Modality.TEXT, format.textTokens(), false, 1, 0);
    }

    /**
     * Returns the place of the first unit where text and speech come one after the other (recognition, reading aloud).
     */
    static FrameTracker sequential(InterleaveFormat format, int audioStart) {
        return new Sequential(format, audioStart, Modality.TEXT, 1);
    }

    /** Returns true if a unit ends speech. */
    static boolean endsSpeech(Unit unit) {
        return unit instanceof Unit.Frame(List<Integer> codes) && codes.getFirst() == DepthDecoder.END_CODE;
    }

    /**
     * A conversation: so many ids of text, so many frames, by turns, until the text has ended; then frames until speech ends, and
     * text again, each id of which is followed by frames. If speech ends before the text has ended, the rest of its count is that
     * of the text.
     *
     * @param textEnd the id that says that the text is complete
     * @param left units of this run with the next one; below 1 in the tail of speech
     * @param textEnded whether that id has come
     * @param chunkPosition place of the next unit in its run, from 1; in the tail runs are as long as before
     */
    record Interleaved(
            InterleaveFormat format,
            int textEnd,
            Modality modality,
            int left,
            boolean textEnded,
            int chunkPosition,
            int speechTail)
            implements FrameTracker {
        @Override
        public Interleaved accept(Unit unit) {
            return switch (unit) {
                case Unit.Token(int id) -> {
                    boolean ended = textEnded || id == textEnd;
                    if (left == 1 || ended) {
                        yield at(Modality.SPEECH, format.speechTokens(), ended, 1, speechTail);
                    }
                    yield at(Modality.TEXT, left - 1, false, chunkPosition + 1, 0);
                }
                case Unit.Frame _ -> {
                    int tail = textEnded ? speechTail + 1 : 0;
                    boolean over = left == 1 && !textEnded;
                    if (over) yield at(Modality.TEXT, format.textTokens(), false, 1, 0);
                    if (endsSpeech(unit)) yield at(Modality.TEXT, left - 1, textEnded, 1, tail);
                    yield at(Modality.SPEECH, left - 1, textEnded, chunkPosition % format.speechTokens() + 1, tail);
                }
            };
        }

        private Interleaved at(Modality next, int more, boolean ended, int position, int tail) {
            return new Interleaved(format, textEnd, next, more, ended, position, tail);
        }
    }

    /**
     * Text until an id asks for speech, frames until speech ends, text again. The text of speech may be that of the prompt, so that
     * nothing here says that it has ended.
     *
     * @param audioStart the id that asks for speech
     */
    record Sequential(InterleaveFormat format, int audioStart, Modality modality, int chunkPosition)
            implements FrameTracker {
        @Override
        public int speechTail() {
            return 0;
        }

        @Override
        public Sequential accept(Unit unit) {
            return switch (unit) {
                case Unit.Token(int id) ->
                    id == audioStart ? at(Modality.SPEECH, 1) : at(Modality.TEXT, chunkPosition + 1);
                case Unit.Frame _ ->
                    endsSpeech(unit)
                            ? at(Modality.TEXT, 1)
                            : at(Modality.SPEECH, chunkPosition % format.speechTokens() + 1);
            };
        }

        private Sequential at(Modality next, int position) {
            return new Sequential(format, audioStart, next, position);
        }
    }
}
