package sparrow.formats.weights;

import java.util.regex.Pattern;

/** Text from outside, made fit to stand in a message of one line: in an error, a log, or the reason of a closed connection. */
public final class Printable {
    private static final int LONGEST = 120;

    /** Controls, separators of lines and paragraphs, invisible marks such as the direction of writing, and halves of pairs. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cf}\\p{Cs}]");

    private Printable() {}

    /** The text in one line, whatever its length; each character that does not print becomes a question mark. */
    public static String line(String text) {
        return UNFIT.matcher(text).replaceAll("?");
    }

    /** The beginning of the text in one line. */
    public static String of(String text) {
        return of(text, LONGEST);
    }

    /**
     * The beginning of the text in one line.
     *
     * @param longest characters; three dots show that there were more
     */
    public static String of(String text, int longest) {
        return line(text.length() <= longest ? text : text.substring(0, longest) + "...");
    }
}
