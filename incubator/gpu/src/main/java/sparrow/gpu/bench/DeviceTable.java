package sparrow.gpu.bench;

import static sparrow.bench.harness.Figures.format;
import static sparrow.bench.harness.Figures.line;
import static sparrow.bench.harness.Figures.number;
import static sparrow.bench.harness.Figures.spread;

import java.io.PrintWriter;
import java.util.Locale;
import sparrow.bench.decode.StepKind;

/** Prints the report of a model on a device as a table. */
public final class DeviceTable {
    private static final String STEP = "%-28s %9s %9s %-22s %7s %9s %7s %10s %8s %6s%n";
    private static final String PREFILL = "%-28s %9s %-22s %9s %8s %6s%n";

    private DeviceTable() {}

    public static void print(DeviceReport report, PrintWriter out) {
        DeviceFigures figures = report.figures();
        line(
                out,
                "device",
                report.device().label() + ", driver " + report.device().driver());
        line(out, "machine", report.machine().cpu() + "; " + report.machine().system());
        line(out, "model", report.model() + "  (" + report.file() + "), " + report.layers() + " layers");
        line(out, "command", report.command());
        line(
                out,
                "ceiling",
                format(
                        "%s GB/s  %s: a kernel that only reads, over %.0f MB",
                        number(figures.ceiling().readGbPerS().median()),
                        spread(figures.ceiling().readGbPerS()),
                        figures.ceiling().bytes() / 1e6));
        out.println();
        out.printf(
                Locale.ROOT,
                STEP,
                "step",
                "positions",
                "ms",
                "",
                "x full",
                "MB",
                "GB/s",
                "of ceiling",
                "launches",
                "waits");
        for (DeviceFigures.Step step : figures.steps()) {
            out.printf(
                    Locale.ROOT,
                    STEP,
                    new StepKind(step.depth(), step.pendingRows()).name(step.exitLayer(), report.layers()),
                    step.context(),
                    number(step.ms().median()),
                    spread(step.ms()),
                    format("%.3f", step.ratioToFull()),
                    format("%.1f", step.bytes() / 1e6),
                    number(step.gbPerS()),
                    format("%.0f%%", 100 * step.shareOfCeiling()),
                    format("%.1f", step.asked().launches()),
                    format("%.2f", step.asked().waits()));
        }
        out.println();
        out.printf(Locale.ROOT, PREFILL, "prefill", "ms", "", "tokens/s", "launches", "waits");
        for (DeviceFigures.Prefill prefill : figures.prefill()) {
            out.printf(
                    Locale.ROOT,
                    PREFILL,
                    prefill.rows() + " rows and a choice",
                    number(prefill.ms().median()),
                    spread(prefill.ms()),
                    number(prefill.tokensPerS()),
                    format("%.0f", prefill.asked().launches()),
                    format("%.2f", prefill.asked().waits()));
        }
    }
}
