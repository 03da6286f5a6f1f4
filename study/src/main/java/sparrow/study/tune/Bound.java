package sparrow.study.tune;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bound on one quality, as written in a budget. */
public sealed interface Bound {
    /** The quality that is bounded. */
    Quality quality();

    /**
     * A value that is to be reached.
     *
     * @param text as it was written
     */
    record Absolute(Quality quality, double value, String text) implements Bound {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A distance from full depth: at most so much worse, or at least so much better.
     *
     * @param change value minus that of full depth
     * @param text as it was written
     */
    record Relative(Quality quality, double change, String text) implements Bound {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Reads {@code wer=+2.0} (relative: with a sign) or {@code agreement=98} (absolute: without).
     *
     * @throws IllegalArgumentException in one line if it is neither
     */
    static Bound parse(String text) {
        Matcher parts =
                Pattern.compile("([a-z]+)=([+-]?)(\\d{1,6}(?:\\.\\d{1,9})?)").matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "--budget: expected exact, or bounds such as wer=+2.0 (at most so far from full depth)"
                            + " or agreement=98 (at least this), got \"" + text + "\"");
        }
        Quality quality = Quality.parse(parts.group(1));
        double value = Double.parseDouble(parts.group(3));
        return switch (parts.group(2)) {
            case "+" -> new Relative(quality, value, text);
            case "-" -> new Relative(quality, -value, text);
            default -> new Absolute(quality, value, text);
        };
    }

    /** True if a value is good enough. */
    default boolean holds(double value, double fullDepth) {
        double limit = switch (this) {
            case Absolute absolute -> absolute.value();
            case Relative relative -> fullDepth + relative.change();
        };
        return quality().gain(value, limit) >= 0;
    }
}
