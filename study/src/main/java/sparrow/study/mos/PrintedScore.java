package sparrow.study.mos;

import java.io.IOException;
import java.util.regex.Pattern;

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
            String shown = number.length() <= 80 ? number : number.substring(0, 80) + "...";
            throw new IOException(source + ": expected a number, found "
                    + (shown.isEmpty() ? "nothing" : shown.replaceAll("\\p{Cntrl}", "?")));
        }
        return new Mos(Double.parseDouble(number));
    }
}
