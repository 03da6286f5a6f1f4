package sparrow.bench.context;

import java.io.PrintWriter;
import java.util.Locale;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;

/** A report as a person reads it: medians, with the quartiles of steps behind them. */
public final class ContextTable {
    private static final String ROW = "%8s  %-4s %12s %10s %-20s %8s %10s %-20s %8s%n";

    private ContextTable() {}

    /** Prints the report. */
    public static void print(ContextReport report, PrintWriter out) {
        Machine machine = report.machine();
        line(
                out,
                "machine",
                machine.cpu() + ", " + machine.processors() + " processors; " + report.threads() + " threads, "
                        + report.arithmetic());
        line(out, "system", machine.system() + "; " + machine.java());
        line(out, "model", report.model() + "  (" + report.file() + ")");
        line(out, "weights", report.layers() + " layers; " + megabytes(report.weightBytes()) + " MB read by a token");
        line(out, "command", report.command());
        line(
                out,
                "runs",
                report.tokens() + " tokens a turn, rounds: " + report.rounds()
                        + "; positions thrown together, not prefilled");
        out.println();
        String first =
                report.rows().isEmpty() ? "" : "x " + report.rows().getFirst().kv();
        out.printf(Locale.ROOT, ROW, "context", "kv", "MB of it", "ms/token", "", first, "layers ms", "", first);
        for (ContextReport.Row row : report.rows()) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    row.context(),
                    row.kv(),
                    megabytes(row.kvBytes()),
                    number(row.ms().median()),
                    spread(row.ms()),
                    String.format(Locale.ROOT, "%.3f", row.ratioToFirst()),
                    number(row.layersMs().median()),
                    spread(row.layersMs()),
                    String.format(Locale.ROOT, "%.3f", row.layersRatioToFirst()));
        }
    }

    private static void line(PrintWriter out, String name, String text) {
        out.printf(Locale.ROOT, "%-10s%s%n", name, text);
    }

    private static String spread(Quartiles quartiles) {
        return "(" + number(quartiles.lower()) + " to " + number(quartiles.upper()) + ")";
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }
}
