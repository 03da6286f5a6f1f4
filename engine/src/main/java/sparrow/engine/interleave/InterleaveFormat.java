package sparrow.engine.interleave;

/**
 * The alternation of text and speech in a reply: 13 : 26 in GLM-4-Voice, 1 : 4 in Step-Audio-2. After the end of the
 * text, a vocabulary with a padding token ({@link SpeechMarks}) fills the text slot with padding; without one, speech
 * continues alone.
 *
 * @param textTokens text tokens per cycle
 * @param speechTokens speech tokens per cycle: one speech chunk
 */
public record InterleaveFormat(int textTokens, int speechTokens) {
    public InterleaveFormat {
        if (textTokens < 1 || speechTokens < 1) {
            throw new IllegalArgumentException(
                    "interleave format: expected 1 or more of each, got " + textTokens + ":" + speechTokens);
        }
    }

    /**
     * Creates a tracker for a new reply.
     *
     * @param lastPromptToken last id of the prompt
     */
    public InterleaveTracker newTracker(TokenSpace tokens, int lastPromptToken) {
        return TokenTracker.of(this, tokens, lastPromptToken);
    }

    @Override
    public String toString() {
        return textTokens + ":" + speechTokens;
    }
}
