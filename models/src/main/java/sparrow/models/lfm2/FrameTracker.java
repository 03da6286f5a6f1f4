package sparrow.models.lfm2;

import java.util.List;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/** Tracks the position of a reply in the pattern of text and frames, in one of the model's two modes. */
sealed interface FrameTracker extends InterleaveTracker {
    /** Returns the tracker for the first unit of a reply in a conversation. */
    static FrameTracker interleaved(InterleaveFormat format, int textEnd) {
        return new Interleaved(format, textEnd, Modality.TEXT, format.textTokens(), false, 1, 0);
    }

    /**
     * Returns the tracker for the first unit of a reply in sequential mode, which is used for transcription and reading
     * aloud.
     */
    static FrameTracker sequential(InterleaveFormat format, int audioStart) {
        return new Sequential(format, audioStart, Modality.TEXT, 1);
    }

    /** Returns whether a unit ends speech. */
    static boolean endsSpeech(Unit unit) {
        return unit instanceof Unit.Frame(List<Integer> codes) && codes.getFirst() == DepthDecoder.END_CODE;
    }

    /**
     * The position in a conversation's reply. Runs of text ids and of frames alternate until the text ends. The runs
     * are followed by frames until speech ends, and then by text ids, each followed by frames. If speech ends before
     * the text, the rest of the run is used for text.
     *
     * @param textEnd the id that marks the end of the text
     * @param left the number of remaining units in this run, including the next unit; below 1 in the speech after the
     *     text
     * @param textEnded whether the end of the text was generated
     * @param chunkPosition the position of the next unit in its run, from 1; runs have the same length after the text
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
     * The position in a reply in sequential mode. Text continues until an id starts speech. Frames follow until speech
     * ends, after which text continues. Speech may read the prompt's text, so the end of the text is unknown.
     *
     * @param audioStart the id that starts speech
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
