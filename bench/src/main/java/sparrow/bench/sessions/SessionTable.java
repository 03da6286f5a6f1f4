package sparrow.bench.sessions;

import java.io.PrintWriter;
import java.util.Locale;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.engine.transformer.LayerStack;

/** A report as a person reads it: medians, with the quartiles of passes behind them. */
public final class SessionTable {
    private static final String ROW = "%8s  %-14s %12s %10s %-20s %10s %8s %7s%n";

    private SessionTable() {}

    /** Prints the report. */
    public static void print(SessionReport report, PrintWriter out) {
        Machine machine = report.machine();
        line(
                out,
                "machine",
                machine.cpu() + ", " + machine.processors() + " processors; " + report.threads() + " threads, "
                        + report.arithmetic());
        if (!report.device().equals(LayerStack.CPU)) line(out, "device", report.device());
        line(out, "system", machine.system() + "; " + machine.java());
        line(out, "model", report.model() + "  (" + report.file() + ")");
        line(out, "command", report.command());
        line(
                out,
                "runs",
                report.promptTokens() + " prompt tokens for each session, " + report.passes()
                        + " passes timed once all speak; rounds: " + report.rounds() + "; tokens given, not chosen");
        out.println();
        out.printf(Locale.ROOT, ROW, "sessions", "policy", "prefill tok/s", "pass ms", "", "tokens/s", "each", "early");
        for (SessionReport.Row row : report.rows()) {
            Quartiles pass = row.passMillis();
            out.printf(
                    Locale.ROOT,
                    ROW,
                    row.sessions(),
                    row.policy(),
                    number(row.prefillPerSecond().median()),
                    number(pass.median()),
                    "(" + number(pass.lower()) + " to " + number(pass.upper()) + ")",
                    number(row.tokensPerSecond().median()),
                    number(row.perSession()),
                    String.format(Locale.ROOT, "%.0f %%", 100 * row.earlyPasses()));
        }
    }

    private static void line(PrintWriter out, String name, String text) {
        out.printf(Locale.ROOT, "%-10s%s%n", name, text);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%.0f", value);
    }
}
