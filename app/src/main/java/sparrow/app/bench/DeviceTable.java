package sparrow.app.bench;

import static sparrow.app.bench.BenchTable.format;
import static sparrow.app.bench.BenchTable.number;
import static sparrow.app.bench.BenchTable.spread;

import java.io.PrintWriter;
import java.util.Locale;

/** What only a device has, as a person reads it. */
final class DeviceTable {
    private static final String COLUMNS = " %10s %8s %6s";

    /** Above {@link #columns}. */
    static final String HEADINGS = format(COLUMNS, "of ceiling", "launches", "waits");

    private static final String STEP = "%-28s %7s %9s %-22s %7s %9s %7s%s%n";
    private static final String PREFILL = "%-28s %9s %-22s %9s%s%n";

    private DeviceTable() {}

    /** Behind a speed: its share of the ceiling, launches and waits; nothing where they are not known. */
    static String columns(DeviceFigures.Ceiling ceiling, double gbPerS, DeviceFigures.Asked asked) {
        return format(
                COLUMNS,
                ceiling == null ? "" : format("%.0f%%", 100 * ceiling.share(gbPerS)),
                asked == null ? "" : format("%.1f", asked.launches()),
                asked == null ? "" : format("%.2f", asked.waits()));
    }

    static void print(DeviceFigures figures, int layers, PrintWriter out) {
        out.println();
        if (figures.ceiling() != null) {
            BenchTable.line(
                    out,
                    "ceiling",
                    format(
                            "%s GB/s  %s: a kernel that only reads, over %.0f MB",
                            number(figures.ceiling().readGbPerS().median()),
                            spread(figures.ceiling().readGbPerS()),
                            figures.ceiling().bytes() / 1e6));
            out.println();
        }
        out.printf(Locale.ROOT, STEP, "step on the device", "behind", "ms", "", "x full", "MB", "GB/s", HEADINGS);
        for (DeviceFigures.Step step : figures.steps()) {
            out.printf(
                    Locale.ROOT,
                    STEP,
                    BenchReport.Kind.name(step.exitLayer(), step.depth(), step.pendingRows(), layers),
                    step.context(),
                    number(step.ms().median()),
                    spread(step.ms()),
                    format("%.3f", step.ratioToFull()),
                    format("%.1f", step.bytes() / 1e6),
                    number(step.gbPerS()),
                    columns(figures.ceiling(), step.gbPerS(), step.asked()));
        }
        out.println();
        String headings = format(" %8s %6s", "launches", "waits");
        out.printf(Locale.ROOT, PREFILL, "prefill on the device", "ms", "", "tokens/s", headings);
        for (DeviceFigures.Prefill prefill : figures.prefill()) {
            DeviceFigures.Asked asked = prefill.asked();
            out.printf(
                    Locale.ROOT,
                    PREFILL,
                    prefill.rows() + " rows and a choice",
                    number(prefill.ms().median()),
                    spread(prefill.ms()),
                    number(prefill.tokensPerS()),
                    asked == null ? "" : format(" %8.0f %6.2f", asked.launches(), asked.waits()));
        }
    }
}
