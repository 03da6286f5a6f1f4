package sparrow.engine.text;

/**
 * The time that a piece of text takes to speak, in letters of English. A byte counts as one, so that a character of
 * Chinese, which is three bytes and about as long as three letters, counts as three. A digit or a sign such as % is
 * read as a word: six, with the blank. Rough on purpose; it is for bounds that must not be too tight.
 */
public final class SpokenLength {
    private static final int WORD = 6;

    /** Signs of ASCII that are paused at, if anything. */
    private static final String PUNCTUATION = ".,;:!?'\"()-";

    private SpokenLength() {}

    /** Of UTF-8 bytes, which may begin or end within a character. */
    public static int of(byte[] bytes) {
        int length = 0;
        for (byte b : bytes) length += isReadAsWord(b) ? WORD : 1;
        return length;
    }

    private static boolean isReadAsWord(byte b) {
        return b > ' ' && !Character.isLetter(b) && PUNCTUATION.indexOf(b) < 0;
    }
}
