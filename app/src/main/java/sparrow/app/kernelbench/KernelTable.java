package sparrow.app.kernelbench;

import java.io.PrintWriter;
import java.util.Locale;
import sparrow.app.report.Quartiles;

/** A report as a person reads it: medians, with the quartiles behind them. */
public final class KernelTable {
    private static final String ROW = "%-18s %-21s %-15s %-5s %4s %9s %-22s %7s %10s%n";

    private KernelTable() {}

    /** Prints the report. */
    public static void print(KernelReport report, PrintWriter out) {
        line(
                out,
                "device",
                report.device().label() + ", driver " + report.device().driver());
        line(out, "machine", report.machine().cpu() + "; " + report.machine().system());
        line(out, "command", report.command());
        line(out, "memory", format("%.0f MB are measured over", report.bytes() / 1e6));
        line(out, "read", figure(report.readGbPerS(), "GB/s") + ": the ceiling");
        line(out, "copy", figure(report.copyGbPerS(), "GB/s") + ", read and written together");
        line(out, "launch", figure(report.launchUs(), "us") + ", one of " + KernelBenchmark.LAUNCHES);
        line(out, "wait", figure(report.roundTripUs(), "us") + ", from a launch until it is known to be through");
        out.println();
        out.printf(Locale.ROOT, ROW, "model", "matrix", "shape", "type", "rows", "us", "", "GB/s", "of ceiling");
        for (KernelReport.Product product : report.products()) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    product.model(),
                    product.matrix(),
                    product.outputs() + " x " + product.inputs(),
                    product.type(),
                    product.rows(),
                    number(product.us().median()),
                    spread(product.us()),
                    number(product.gbPerS()),
                    format("%.0f%%", 100 * product.shareOfCeiling()));
        }
    }

    private static String figure(Quartiles quartiles, String unit) {
        return number(quartiles.median()) + " " + unit + "  " + spread(quartiles);
    }

    private static String spread(Quartiles quartiles) {
        return "(" + number(quartiles.lower()) + " .. " + number(quartiles.upper()) + ")";
    }

    private static void line(PrintWriter out, String label, String value) {
        out.println(format("%-9s", label) + value);
    }

    /** Four digits that count, without an exponent. */
    private static String number(double value) {
        int digits = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
        return format("%." + digits + "f", value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
