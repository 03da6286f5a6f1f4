package sparrow.engine.interleave;

import java.util.Optional;

/**
 * The ids of speech in a shared vocabulary; none where speech is no tokens but frames.
 *
 * @param offset id of speech code 0
 * @param codes codes that have an id, from {@code offset} on; may be fewer than the codebook holds
 * @param count speech tokens from {@code offset} on: the codes, then audio padding, which takes a speech slot and is not
 *     heard
 * @param marks what encloses speech, where the vocabulary has such ids; without them a reply speaks from the start
 */
public record SpeechTokens(int offset, int codes, int count, Optional<SpeechMarks> marks) {
    public SpeechTokens {
        if (offset < 0 || codes < 0 || count < codes) {
            throw new IllegalArgumentException(
                    "speech tokens: expected 0 codes or more, and no fewer tokens than codes, got " + count
                            + " tokens for " + codes + " codes from id " + offset);
        }
    }

    /** True if an id is one of them. */
    boolean contains(int token) {
        return token >= offset && token < end();
    }

    /** The id after the last one. */
    long end() {
        return offset + (long) count;
    }
}
