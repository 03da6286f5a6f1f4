package sparrow.gpu.bench;

import static sparrow.bench.harness.Figures.format;
import static sparrow.bench.harness.Figures.line;
import static sparrow.bench.harness.Figures.number;
import static sparrow.bench.harness.Figures.spread;

import java.io.PrintWriter;
import java.util.Locale;
import sparrow.app.report.Quartiles;

/** Prints a report as a table of medians and quartiles. */
public final class KernelTable {
    private static final String ROW = "%-18s %-21s %-15s %-5s %4s %9s %-22s %7s %10s%n";

    private KernelTable() {}

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
}
