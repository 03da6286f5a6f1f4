package sparrow.app.rowsbench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.engine.decode.RowCosts;

/** A report as a person reads it: medians, with the quartiles behind them. */
public final class RowsTable {
    private static final String ROW = "%6s %10s %-22s %7s %10s%n";

    private RowsTable() {}

    /** Prints the report. */
    public static void print(RowsReport report, PrintWriter out) {
        head(report, out);
        out.println();
        out.printf(Locale.ROOT, ROW, "rows", "pass ms", "", "r(n)", "ms a row");
        for (RowsReport.Pass pass : report.passes()) {
            Quartiles ms = pass.ms();
            out.printf(
                    Locale.ROOT,
                    ROW,
                    pass.rows(),
                    number(ms.median()),
                    "(" + number(ms.lower()) + " .. " + number(ms.upper()) + ")",
                    format("%.3f", pass.ratio()),
                    number(ms.median() / pass.rows()));
        }
        out.println();
        foot(report, out);
    }

    private static void head(RowsReport report, PrintWriter out) {
        Machine machine = report.machine();
        line(
                out,
                "machine",
                machine.cpu() + ", " + machine.processors() + " processors; " + report.threads() + " threads, "
                        + report.arithmetic());
        line(out, "system", machine.system() + "; " + machine.java());
        line(
                out,
                "model",
                report.origin().model() + "  (" + report.origin().file() + "), " + report.layers() + " layers");
        line(out, "command", report.origin().command());
        line(
                out,
                "runs",
                "passes of new rows behind " + report.promptTokens() + " positions, through all layers; rounds: "
                        + report.rounds());
    }

    private static void foot(RowsReport report, PrintWriter out) {
        RowsReport.Readings readings = report.readings();
        line(out, "line", format("r(n) = 1 + %.3f (n - 1)", report.rho()));
        line(
                out,
                "reading",
                format(
                        "%.1f x 10^9 weights/s (%.1f GB/s) with one row; %.1f x 10^9 multiply-adds/s at best:"
                                + " arithmetic allows %.1f rows for one reading",
                        readings.weightsPerS() / 1e9,
                        readings.gbPerS(),
                        readings.multiplyAddsPerS() / 1e9,
                        readings.rowsAllowed()));
        RowCosts costs = report.rowCosts();
        StringBuilder heads = new StringBuilder(
                format("full head %.2f layers, its speech rows %.2f", costs.fullHead(), costs.speechHead()));
        for (Map.Entry<Integer, Double> exit : costs.exitHeads().entrySet()) {
            heads.append(format(", exit head %d %.2f", exit.getKey(), exit.getValue()));
        }
        if (costs.stepHead() > 0) heads.append(format(", step head %.2f", costs.stepHead()));
        line(out, "heads", heads.toString());
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
