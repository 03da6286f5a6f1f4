package sparrow.models.lfm3;

import java.util.List;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.models.frame.ReplyPattern;

/**
 * The order of text and speech in a reply of LFM3-Audio. A reply begins in the mode that the prompt's last token
 * determines, and tokens of the reply may change the mode.
 *
 * @param use the purpose of the replies
 * @param tokens the special token ids
 * @param interleave the numbers of text tokens and frames per cycle in the mixed mode
 * @param endCode the code that ends speech
 */
record Lfm3Pattern(Use use, Lfm3Tokens tokens, InterleaveFormat interleave, int endCode) implements ReplyPattern {
    /** The purposes of replies. */
    enum Use {
        /** The reply continues with text after its speech. */
        CONVERSATION,
        /** The end of speech ends the reply. */
        READING,
        /** The end of the document also ends the reply. */
        TRANSCRIPTION
    }

    /** The modes of a reply. */
    enum Mode {
        TEXT,
        AUDIO,
        /** Runs of text tokens and frames alternate until the text ends. After that, only frames follow. */
        MIXED
    }

    @Override
    public InterleaveTracker newTracker(int lastPromptToken) {
        if (lastPromptToken == tokens.audioStart()) return begin(Mode.AUDIO);
        return begin(lastPromptToken == tokens.mixedStart() ? Mode.MIXED : Mode.TEXT);
    }

    /** Returns the tracker before the first unit of a reply that begins in the given mode. */
    Tracker begin(Mode mode) {
        return new Tracker(this, mode, false, false, interleave.textTokens(), 1, 0, false);
    }

    @Override
    public boolean isEnd(int token) {
        boolean document = use == Use.TRANSCRIPTION
                && tokens.documentEnd().isPresent()
                && token == tokens.documentEnd().getAsInt();
        return token == tokens.turnEnd() || document;
    }

    @Override
    public boolean mayBreak(int token) {
        return token == tokens.textEnd() || token == tokens.audioStart() || token == tokens.mixedStart();
    }

    /**
     * A position in a reply.
     *
     * @param speaking whether frames are next in the mixed mode
     * @param textEnded whether the text of the mixed mode has ended
     * @param left number of units remaining in the current run of the mixed mode, including the next unit; constant
     *     after the end of the text
     * @param chunkPosition position of the next unit in its run, starting at 1; outside the alternation, runs of frames
     *     have the same length
     * @param speechTail number of frames since the end of the text
     * @param hasEnded whether the last unit ended the reply; false for tokens that end every reply
     */
    record Tracker(
            Lfm3Pattern pattern,
            Mode mode,
            boolean speaking,
            boolean textEnded,
            int left,
            int chunkPosition,
            int speechTail,
            boolean hasEnded)
            implements InterleaveTracker {
        @Override
        public Modality modality() {
            return mode == Mode.AUDIO || mode == Mode.MIXED && speaking ? Modality.SPEECH : Modality.TEXT;
        }

        @Override
        public Tracker accept(Unit unit) {
            return switch (unit) {
                case Unit.Token(int id) -> accept(id);
                case Unit.Frame(List<Integer> codes) -> accept(codes);
            };
        }

        private Tracker accept(int id) {
            Lfm3Tokens tokens = pattern.tokens;
            if (mode != Mode.MIXED) {
                if (id == tokens.audioStart()) return pattern.begin(Mode.AUDIO);
                if (id == tokens.mixedStart()) return pattern.begin(Mode.MIXED);
                return with(mode, speaking, textEnded, left, chunkPosition + 1, 0, id == tokens.textEnd());
            }
            if (id == tokens.textEnd()) return with(mode, true, true, left, 1, 0, false);
            return counted(speechTail);
        }

        private Tracker accept(List<Integer> codes) {
            if (codes.contains(pattern.endCode)) {
                return with(Mode.TEXT, speaking, textEnded, left, 1, 0, pattern.use == Use.READING);
            }
            if (mode == Mode.MIXED && !textEnded) return counted(0);
            int position = chunkPosition % pattern.interleave.speechTokens() + 1;
            return with(mode, speaking, textEnded, left, position, textEnded ? speechTail + 1 : 0, false);
        }

        /** Returns the tracker after the next unit of alternating text and speech. */
        private Tracker counted(int tail) {
            if (textEnded) return with(mode, speaking, true, left, chunkPosition + 1, tail, false);
            if (left > 1) return with(mode, speaking, false, left - 1, chunkPosition + 1, tail, false);
            InterleaveFormat interleave = pattern.interleave;
            int next = speaking ? interleave.textTokens() : interleave.speechTokens();
            return with(mode, !speaking, false, next, 1, tail, false);
        }

        private Tracker with(Mode next, boolean speaks, boolean ended, int more, int position, int tail, boolean over) {
            return new Tracker(pattern, next, speaks, ended, more, position, tail, over);
        }
    }
}
