package sparrow.engine.interleave;

import java.util.stream.IntStream;

/**
 * Ids that delimit speech in a reply in vocabularies that have such ids (Step-Audio-2's {@code <tts_start>},
 * {@code <tts_end>} and {@code <tts_pad>}). Marks produce neither audio nor text.
 *
 * @param start id that precedes speech; the first slot after it is a text slot
 * @param end id that follows speech; text may follow it
 * @param textPadding id that fills the text slot of a cycle after the end of the text
 */
public record SpeechMarks(int start, int end, int textPadding) {
    public SpeechMarks {
        if (start < 0 || end < 0 || textPadding < 0 || start == end || start == textPadding || end == textPadding) {
            throw new IllegalArgumentException("speech marks: expected three different ids of 0 or more, got " + start
                    + ", " + end + " and " + textPadding);
        }
    }

    IntStream ids() {
        return IntStream.of(start, end, textPadding);
    }

    /** Returns the effect on the alternation of an id that is not a speech token. */
    TokenKind kind(int token) {
        if (token == start) return TokenKind.SPEECH_START;
        if (token == end) return TokenKind.SPEECH_END;
        return token == textPadding ? TokenKind.TEXT_PADDING : TokenKind.TEXT;
    }
}
