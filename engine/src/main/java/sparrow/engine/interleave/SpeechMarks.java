package sparrow.engine.interleave;

import java.util.stream.IntStream;

/**
 * The ids that enclose speech in a reply, in vocabularies that have them (Step-Audio-2's {@code <tts_start>},
 * {@code <tts_end>} and {@code <tts_pad>}). They are neither heard nor read.
 *
 * @param start speech begins after it, with a text slot
 * @param end speech has ended; text may follow
 * @param textPadding fills the text slot of a cycle once the text has run out
 */
public record SpeechMarks(int start, int end, int textPadding) {
    public SpeechMarks {
        if (start < 0 || end < 0 || textPadding < 0 || start == end || start == textPadding || end == textPadding) {
            throw new IllegalArgumentException(
                    "speech marks: expected three ids, got " + start + ", " + end + " and " + textPadding);
        }
    }

    IntStream ids() {
        return IntStream.of(start, end, textPadding);
    }

    /** The effect on the stream of an id that is no speech token. */
    TokenKind kind(int token) {
        if (token == start) return TokenKind.SPEECH_START;
        if (token == end) return TokenKind.SPEECH_END;
        return token == textPadding ? TokenKind.TEXT_PADDING : TokenKind.TEXT;
    }
}
