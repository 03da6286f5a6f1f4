package sparrow.engine.interleave;

/**
 * The alternation of text and speech in a reply, such as 13 : 26 in GLM-4-Voice and 1 : 4 in Step-Audio-2. After the
 * end of the text, the text slot is filled with padding if the vocabulary has a padding token ({@link SpeechMarks});
 * otherwise, speech continues alone.
 *
 * @param textTokens number of text tokens per cycle
 * @param speechTokens number of speech tokens per cycle; these tokens form one speech chunk
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
     * @param lastPromptToken last token id of the prompt
     */
    public InterleaveTracker newTracker(TokenSpace tokens, int lastPromptToken) {
        return TokenTracker.of(this, tokens, lastPromptToken);
    }

    @Override
    public String toString() {
        return textTokens + ":" + speechTokens;
    }
}
