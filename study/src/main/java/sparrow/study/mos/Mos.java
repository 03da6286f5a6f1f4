package sparrow.study.mos;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import sparrow.formats.Printable;

/**
 * Predicted opinion scores of an utterance.
 *
 * @param overall score shown in reports
 * @param parts scores of individual qualities by name, in display order; may be empty
 */
public record Mos(double overall, Map<String, Double> parts) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

    public Mos {
        if (!Double.isFinite(overall)) throw new IllegalArgumentException("MOS: expected a number, got " + overall);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /** Creates a score without parts. */
    public Mos(double overall) {
        this(overall, Map.of());
    }

    /**
     * Parses a score written by another program.
     *
     * @param source name of the program or service in messages
     * @throws IOException if the text is not a number
     */
    static Mos parse(String source, String text) throws IOException {
        String number = text.strip();
        if (!NUMBER.matcher(number).matches() || !Double.isFinite(Double.parseDouble(number))) {
            throw new IOException(
                    source + ": expected a number, found " + (number.isEmpty() ? "nothing" : Printable.of(number, 80)));
        }
        return new Mos(Double.parseDouble(number));
    }
}
