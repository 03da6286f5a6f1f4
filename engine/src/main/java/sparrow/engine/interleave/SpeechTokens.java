package sparrow.engine.interleave;

import java.util.Optional;

/**
 * Speech ids of a shared vocabulary. There are none if speech consists of frames instead of tokens.
 *
 * @param offset id of speech code 0
 * @param codes number of codes that have an id; may be less than the codebook size
 * @param count number of speech tokens starting at {@code offset}: codes, followed by audio padding; the padding
 *     occupies speech slots but produces no audio
 * @param marks ids that delimit speech, or empty if the vocabulary has none and speech starts with the reply
 */
public record SpeechTokens(int offset, int codes, int count, Optional<SpeechMarks> marks) {
    public SpeechTokens {
        if (offset < 0 || codes < 0 || count < codes) {
            throw new IllegalArgumentException(
                    "speech tokens: expected 0 codes or more, and at least as many tokens as codes, got " + count
                            + " tokens for " + codes + " codes from id " + offset);
        }
    }

    /** Returns whether an id is a speech token. */
    boolean contains(int token) {
        return token >= offset && token < end();
    }

    /** Returns the id after the last speech token. */
    long end() {
        return offset + (long) count;
    }
}
