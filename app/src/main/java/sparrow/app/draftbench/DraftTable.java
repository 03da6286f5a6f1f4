package sparrow.app.draftbench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.engine.decode.RowCosts;
import sparrow.engine.transformer.DeviceChoice;

/** A report as a person reads it: medians, with the quartiles behind them. */
public final class DraftTable {
    private static final String ROW = "%-14s %9s %-18s %8s %-20s %9s %10s %10s %8s %8s %9s%n";

    private DraftTable() {}

    /** Prints the report. */
    public static void print(DraftReport report, PrintWriter out) {
        head(report, out);
        out.println();
        out.printf(
                Locale.ROOT,
                ROW,
                "speech exit",
                "tokens/s",
                "",
                "x none",
                "",
                "forecast",
                "as drawn",
                "confirmed",
                "a cycle",
                "readings",
                "row x L");
        Quartiles full = report.fullTokensPerS();
        out.printf(
                Locale.ROOT,
                ROW,
                "none",
                number(full.median()),
                spread(full),
                "1",
                "",
                "1",
                "1",
                "",
                "1",
                report.layers(),
                report.layers());
        for (DraftReport.Policy policy : report.policies()) row(policy, out);
    }

    private static void row(DraftReport.Policy policy, PrintWriter out) {
        double measured = policy.speedUp().median();
        DraftReport.Forecast forecast = policy.forecast();
        out.printf(
                Locale.ROOT,
                ROW,
                policy.policy(),
                number(policy.tokensPerS().median()),
                spread(policy.tokensPerS()),
                number(measured),
                spread(policy.speedUp()),
                number(forecast.speedUp()),
                format("%.3f", forecast.speedUpAsDrawn())
                        + format(" %+.0f%%", 100 * (measured / forecast.speedUpAsDrawn() - 1)),
                policy.confirmed() + " of " + policy.drafted(),
                number(policy.cycleTokens()),
                number(policy.readings()),
                number(policy.rowLayers()));
    }

    private static void head(DraftReport report, PrintWriter out) {
        Machine machine = report.machine();
        line(
                out,
                "machine",
                machine.cpu() + ", " + machine.processors() + " processors; " + report.threads() + " threads, "
                        + report.arithmetic());
        if (!report.device().equals(DeviceChoice.CPU)) line(out, "device", report.device());
        line(out, "system", machine.system() + "; " + machine.java());
        line(
                out,
                "model",
                report.origin().model() + "  (" + report.origin().file() + "), " + report.layers() + " layers");
        line(out, "command", report.origin().command());
        line(
                out,
                "runs",
                report.promptTokens() + " tokens prefilled, " + report.decodedTokens()
                        + " decoded at speech positions, given; drafts drawn to be right: " + report.accept()
                        + "; rounds: " + report.rounds() + "; " + report.speechLogits() + " logits");
        RowCosts costs = report.rowCosts();
        StringBuilder ratios = new StringBuilder();
        for (Map.Entry<Integer, Double> ratio : costs.ratios().entrySet()) {
            ratios.append(format("r(%d) %.3f, ", ratio.getKey(), ratio.getValue()));
        }
        ratios.append(format("full head %.2f layers, its speech rows %.2f", costs.fullHead(), costs.speechHead()));
        for (Map.Entry<Integer, Double> exit : costs.exitHeads().entrySet()) {
            ratios.append(format(", exit head %d %.2f", exit.getKey(), exit.getValue()));
        }
        if (costs.stepHead() > 0) ratios.append(format(", step head %.2f", costs.stepHead()));
        line(out, "costs", ratios.toString());
    }

    private static void line(PrintWriter out, String label, String value) {
        out.println(format("%-9s", label) + value);
    }

    private static String spread(Quartiles quartiles) {
        return "(" + number(quartiles.lower()) + " .. " + number(quartiles.upper()) + ")";
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
