package sparrow.bench.decode;

import java.io.PrintWriter;
import java.util.Locale;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.engine.transformer.LayerStack;

/** A report as a person reads it. Every figure is a median, with the quartiles behind it. */
public final class BenchTable {
    private static final String POLICY = "%-25s %6s %6s  %9s %-22s %-26s %8s %7s%n";
    private static final String STEP = "%-28s %9s %-22s %7s %9s %7s%n";

    private BenchTable() {}

    /** Prints the report. */
    public static void print(BenchReport report, PrintWriter out) {
        head(report, out);
        out.println();
        policies(report, out);
        out.println();
        steps(report, out);
        if (report.interrupted()) {
            out.println();
            out.println("stopped by you: only what was measured until then");
        }
    }

    private static void head(BenchReport report, PrintWriter out) {
        BenchReport.Subject model = report.model();
        Machine machine = report.machine();
        line(
                out,
                "machine",
                machine.cpu() + ", " + machine.processors() + " processors; " + report.threads() + " threads, "
                        + report.arithmetic());
        if (!report.device().equals(LayerStack.CPU)) line(out, "device", report.device());
        line(out, "system", machine.system() + "; " + machine.java());
        line(out, "model", model.name() + "  (" + model.file() + ")");
        line(
                out,
                "weights",
                format(
                        "%d layers; %.1f MB read by a token at full depth",
                        model.layers(), model.bytesPerToken() / 1e6));
        line(out, "command", report.command());
        line(
                out,
                "runs",
                format(
                        "%d tokens prefilled, %d decoded at speech positions; rounds: %d; skipped layers: %s",
                        report.promptTokens(), report.decodedTokens(), report.rounds(), report.skippedKv()));
        line(out, "load", format("%.2f s; first prefill %.2f s", model.loadSeconds(), model.firstPrefillSeconds()));
        line(
                out,
                "memory",
                format(
                        "%.0f MB at most (%s)",
                        report.peakMemory().bytes() / 1e6, report.peakMemory().source()));
        line(
                out,
                "prefill",
                number(report.prefillTokensPerS().median()) + " tokens/s  " + spread(report.prefillTokensPerS()));
    }

    private static void policies(BenchReport report, PrintWriter out) {
        out.printf(Locale.ROOT, POLICY, "speech exit", "depth", "saved", "tokens/s", "", "x none", "by bytes", "GB/s");
        for (BenchReport.Policy policy : report.policies()) {
            Quartiles ratio = policy.ratioToNone();
            out.printf(
                    Locale.ROOT,
                    POLICY,
                    policy.name(),
                    format("%.2f", policy.averageDepth()),
                    format("%.1f%%", 100 * policy.depthSaved()),
                    number(policy.decodeTokensPerS().median()),
                    spread(policy.decodeTokensPerS()),
                    ratio == null ? "1" : format("%.3f  (%.3f .. %.3f)", ratio.median(), ratio.lower(), ratio.upper()),
                    format("%.3f", policy.ratioOfBytes()),
                    number(policy.gbPerS()));
        }
    }

    private static void steps(BenchReport report, PrintWriter out) {
        out.printf(Locale.ROOT, STEP, "step", "ms", "", "x full", "MB", "GB/s");
        for (BenchReport.Kind step : report.steps()) {
            out.printf(
                    Locale.ROOT,
                    STEP,
                    step.name(report.model().layers()),
                    number(step.ms().median()),
                    spread(step.ms()),
                    step.ratioToFull() == null ? "" : format("%.3f", step.ratioToFull()),
                    format("%.1f", step.bytes() / 1e6),
                    number(step.gbPerS()));
        }
    }

    /** A line of what stands above a table. */
    public static void line(PrintWriter out, String label, String value) {
        out.println(format("%-9s", label) + value);
    }

    /** The quartiles around a median. */
    public static String spread(Quartiles quartiles) {
        return "(" + number(quartiles.lower()) + " .. " + number(quartiles.upper()) + ")";
    }

    /** Four digits that count, without an exponent. */
    public static String number(double value) {
        int digits = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
        return format("%." + digits + "f", value);
    }

    /** As {@link String#format}, for every language alike. */
    public static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
