package sparrow.models.family;

/**
 * The maximum amount of speech in a reply.
 *
 * @param codesPerCharacter the number of speech codes in all codebooks per character of the reply's text, as counted by
 *     {@link #length}
 * @param slackSeconds additional seconds of speech
 */
public record SpeechBudget(double codesPerCharacter, double slackSeconds) {
    /** Typical length of a word in letters, including the following space. */
    private static final int WORD = 6;

    /** ASCII characters that cause no more than a pause in speech. */
    private static final String PUNCTUATION = ".,;:!?'\"()-";

    public SpeechBudget {
        if (!(codesPerCharacter > 0 && codesPerCharacter <= 1000)) {
            throw new IllegalArgumentException("expected 0 to 1000 codes per character, got " + codesPerCharacter);
        }
        if (!(slackSeconds > 0 && slackSeconds <= 3600)) {
            throw new IllegalArgumentException("expected a slack of 0 to 3600 seconds, got " + slackSeconds);
        }
    }

    /** Returns a generous budget for a model that was not measured: 0.2 s per character plus 10 s. */
    public static SpeechBudget generous(double codesPerSecond) {
        return new SpeechBudget(codesPerSecond / 5, 10);
    }

    /**
     * Estimates the time that it takes to speak a text, in English letters. Each byte is counted as one letter: a
     * Chinese character, which has three bytes, takes about as long to speak as three letters. A digit or a symbol such
     * as % is counted as a word. The estimate is sufficient for a generous limit.
     *
     * @param text UTF-8, which may begin or end within a character
     */
    public static int length(byte[] text) {
        int length = 0;
        for (byte b : text) length += isReadAsWord(b) ? WORD : 1;
        return length;
    }

    private static boolean isReadAsWord(byte b) {
        return b > ' ' && !Character.isLetter(b) && PUNCTUATION.indexOf(b) < 0;
    }
}
