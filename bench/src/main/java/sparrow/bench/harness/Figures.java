package sparrow.bench.harness;

import java.io.PrintWriter;
import java.util.Locale;
import sparrow.app.report.Quartiles;

/** Formats numbers for display, independently of the locale. */
public final class Figures {
    private Figures() {}

    /** Formats a number with four significant digits and without an exponent. */
    public static String number(double value) {
        int digits = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
        return format("%." + digits + "f", value);
    }

    /** Formats the lower and the upper quartile. */
    public static String spread(Quartiles quartiles) {
        return "(" + number(quartiles.lower()) + " .. " + number(quartiles.upper()) + ")";
    }

    /** Formats a fraction as a percentage. */
    public static String percent(double share) {
        return format("%.0f%%", 100 * share);
    }

    /** Prints a line with a label. */
    public static void line(PrintWriter out, String label, String value) {
        out.println(format("%-9s", label) + value);
    }

    /** Formats values as {@link String#format} does, with the root locale. */
    public static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
