package sparrow.engine.interleave;

import java.util.Optional;

/**
 * The speech ids of a shared vocabulary; none if speech consists of frames instead of tokens.
 *
 * @param offset id of speech code 0
 * @param codes number of codes that have an id; may be smaller than the codebook
 * @param count number of speech tokens from {@code offset} on: the codes, then audio padding, which takes a speech slot
 *     but produces no sound
 * @param marks ids that delimit speech; empty if the vocabulary has none and speech starts with the reply
 */
public record SpeechTokens(int offset, int codes, int count, Optional<SpeechMarks> marks) {
    public SpeechTokens {
        if (offset < 0 || codes < 0 || count < codes) {
            throw new IllegalArgumentException(
                    "speech tokens: expected 0 codes or more, and at least as many tokens as codes, got " + count
                            + " tokens for " + codes + " codes from id " + offset);
        }
    }

    /** True if an id is a speech token. */
    boolean contains(int token) {
        return token >= offset && token < end();
    }

    /** The id after the last speech token. */
    long end() {
        return offset + (long) count;
    }
}
