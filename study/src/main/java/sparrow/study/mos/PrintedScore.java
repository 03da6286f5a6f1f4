package sparrow.study.mos;

import java.io.IOException;
import java.util.regex.Pattern;
import sparrow.formats.Printable;

/** A score as another program writes it. */
final class PrintedScore {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

    private PrintedScore() {}

    /**
     * Reads a number that stands alone.
     *
     * @param source the program or service that wrote it, for messages
     * @throws IOException if it is none
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
