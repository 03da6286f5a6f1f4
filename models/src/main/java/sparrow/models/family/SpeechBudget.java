package sparrow.models.family;

/**
 * The amount of speech that a reply can need.
 *
 * @param codesPerCharacter speech codes, of all codebooks together, for each character of its text, as {@link #length} counts
 * @param slackSeconds seconds of speech beyond that
 */
public record SpeechBudget(double codesPerCharacter, double slackSeconds) {
    /** Letters of a word, with the blank. */
    private static final int WORD = 6;

    /** Signs of ASCII that are paused at, if anything. */
    private static final String PUNCTUATION = ".,;:!?'\"()-";

    public SpeechBudget {
        if (!(codesPerCharacter > 0 && codesPerCharacter <= 1000)) {
            throw new IllegalArgumentException("expected 0 to 1000 codes a character, got " + codesPerCharacter);
        }
        if (!(slackSeconds > 0 && slackSeconds <= 3600)) {
            throw new IllegalArgumentException("expected a slack of 0 to 3600 seconds, got " + slackSeconds);
        }
    }

    /** A wide one, for a model that was not measured: a fifth of a second a character, and ten seconds. */
    public static SpeechBudget wide(double codesPerSecond) {
        return new SpeechBudget(codesPerSecond / 5, 10);
    }

    /**
     * The time that a piece of text takes to speak, in letters of English. A byte counts as one, so that a character of
     * Chinese, which is three bytes and about as long as three letters, counts as three. A digit or a sign such as % is
     * read as a word. Rough on purpose; it is for bounds that must not be too tight.
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
