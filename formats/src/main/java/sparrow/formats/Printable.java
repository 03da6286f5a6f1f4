package sparrow.formats;

import java.util.regex.Pattern;

/** Makes external text safe for a one-line message, such as an error, a log line, or a connection's close reason. */
public final class Printable {
    private static final int MAX_CHARS = 120;

    /**
     * Control characters, line and paragraph separators, invisible marks such as writing direction, and lone
     * surrogates.
     */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cf}\\p{Cs}]");

    private Printable() {}

    /** Returns the complete text in one line, with each unprintable character replaced by a question mark. */
    public static String line(String text) {
        return UNFIT.matcher(text).replaceAll("?");
    }

    /** Returns the first 120 characters of text in one line. */
    public static String of(String text) {
        return of(text, MAX_CHARS);
    }

    /**
     * Returns the beginning of text in one line.
     *
     * @param maxChars maximum number of characters; longer text is truncated and ends with three dots
     */
    public static String of(String text, int maxChars) {
        return line(text.length() <= maxChars ? text : text.substring(0, maxChars) + "...");
    }
}
