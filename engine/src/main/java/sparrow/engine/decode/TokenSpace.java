package sparrow.engine.decode;

import java.util.BitSet;
import java.util.Set;
import sparrow.engine.exit.Modality;

/**
 * What the ids of a shared vocabulary mean.
 *
 * @param speechOffset id of speech code 0
 * @param speechTokens speech codes that have an id; may be fewer than the codebook holds
 * @param usable ids below this one have a token; the rest are padding rows and are never chosen
 * @param endTokens ids that end a reply
 */
public record TokenSpace(int speechOffset, int speechTokens, int usable, Set<Integer> endTokens) {
    public TokenSpace {
        endTokens = Set.copyOf(endTokens);
        if (speechOffset < 0 || speechTokens < 1 || speechOffset + speechTokens > usable) {
            throw new IllegalArgumentException("speech tokens " + speechOffset + " to "
                    + (speechOffset + speechTokens - 1) + " do not fit the " + usable + " usable ids");
        }
    }

    /** Whether an id is a speech token. Anything else, control tokens too, counts as text. */
    public boolean isSpeech(int token) {
        return token >= speechOffset && token < speechOffset + speechTokens;
    }

    /**
     * The ids that the interleave format allows where speech is expected: speech goes on, or the reply ends. Text there is
     * no part of the format, though a model may choose it.
     */
    public BitSet allowedInSpeech() {
        BitSet allowed = new BitSet(usable);
        allowed.set(speechOffset, speechOffset + speechTokens);
        for (int token : endTokens) {
            if (token >= 0 && token < usable) allowed.set(token);
        }
        return allowed;
    }

    /** The modality of an id. */
    public Modality modality(int token) {
        return isSpeech(token) ? Modality.SPEECH : Modality.TEXT;
    }

    /** Whether an id ends the reply. */
    public boolean isEnd(int token) {
        return endTokens.contains(token);
    }

    /** Codebook entry of a speech token. */
    public int code(int token) {
        if (!isSpeech(token)) throw new IllegalArgumentException("token " + token + " is not a speech token");
        return token - speechOffset;
    }
}
