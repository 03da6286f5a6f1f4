package sparrow.bench.harness;

import java.io.PrintWriter;
import java.util.Locale;
import sparrow.app.report.Quartiles;

/** Figures as a person reads them, for every language alike. */
public final class Figures {
    private Figures() {}

    /** Four digits that count, without an exponent. */
    public static String number(double value) {
        int digits = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
        return format("%." + digits + "f", value);
    }

    /** The quartiles around a median. */
    public static String spread(Quartiles quartiles) {
        return "(" + number(quartiles.lower()) + " .. " + number(quartiles.upper()) + ")";
    }

    /** A share in percent. */
    public static String percent(double share) {
        return format("%.0f%%", 100 * share);
    }

    /** Prints a line of what stands above a table. */
    public static void line(PrintWriter out, String label, String value) {
        out.println(format("%-9s", label) + value);
    }

    /** As {@link String#format}. */
    public static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
