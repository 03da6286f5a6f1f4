package sparrow.study.mos;

import java.io.IOException;
import java.util.regex.Pattern;
import sparrow.formats.Printable;

/** Parses scores written by other programs. */
final class PrintedScore {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

    private PrintedScore() {}

    /**
     * Parses text that consists of a number.
     *
     * @param source name of the program or service in messages
     * @throws IOException if the text is not a number
     */
    static Mos read(String source, String text) throws IOException {
        String number = text.strip();
        if (!NUMBER.matcher(number).matches() || !Double.isFinite(Double.parseDouble(number))) {
            throw new IOException(
                    source + ": expected a number, found " + (number.isEmpty() ? "nothing" : Printable.of(number, 80)));
        }
        return new Mos(Double.parseDouble(number));
    }
}
