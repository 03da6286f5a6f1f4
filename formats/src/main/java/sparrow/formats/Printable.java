package sparrow.formats;

import java.util.regex.Pattern;

/** Makes external text safe for a one-line message: an error, a log line, or the close reason of a connection. */
public final class Printable {
    private static final int MAX_CHARS = 120;

    /**
     * Control characters, line and paragraph separators, invisible marks such as writing direction, and lone
     * surrogates.
     */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cf}\\p{Cs}]");

    private Printable() {}

    /** Returns the whole text in one line; each unprintable character becomes a question mark. */
    public static String line(String text) {
        return UNFIT.matcher(text).replaceAll("?");
    }

    /** Returns the first 120 characters of a text in one line. */
    public static String of(String text) {
        return of(text, MAX_CHARS);
    }

    /**
     * Returns the beginning of a text in one line.
     *
     * @param maxChars maximum number of characters; longer text ends with three dots
     */
    public static String of(String text, int maxChars) {
        return line(text.length() <= maxChars ? text : text.substring(0, maxChars) + "...");
    }
}
