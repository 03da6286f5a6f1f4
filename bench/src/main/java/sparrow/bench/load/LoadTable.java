package sparrow.bench.load;

import java.io.PrintWriter;
import java.util.Locale;
import sparrow.app.report.Machine;

/** A report as a person reads it. */
public final class LoadTable {
    private static final String ROW = "%7s %8s %7s  %-17s %-17s %-13s %9s %8s %7s  %-17s%n";

    private LoadTable() {}

    /** Prints the report. */
    public static void print(LoadReport report, PrintWriter out) {
        Machine machine = report.machine();
        line(out, "server", report.server());
        line(out, "talkers on", machine.cpu() + ", " + machine.processors() + " processors; " + machine.java());
        line(
                out,
                "turns",
                (report.turnTaking() == TurnTaking.MANUAL
                                ? "by the client"
                                : "by the server's voice activity detection")
                        + (report.history() == History.KEPT ? ", in one conversation" : ", each a new conversation")
                        + "; " + Math.round(100 * report.bargeIn()) + "% of the answers interrupted");
        line(out, "command", report.command());
        out.println();
        out.printf(
                ROW,
                "",
                "",
                "",
                "first audio ms",
                "after VAD ms",
                "real-time",
                "",
                "longest",
                "without",
                "barge-in ms");
        out.printf(
                ROW,
                "talkers",
                "replies",
                "failed",
                "p50 / p95",
                "p50 / p95",
                "p50 / p95",
                "underruns",
                "gap ms",
                "pause",
                "p50 / p95");
        for (LoadReport.Row row : report.rows()) row(row, out);
        for (LoadReport.Row row : report.rows()) troubles(row, out);
        out.println();
        out.println(
                report.heldWithoutUnderrun() == 0
                        ? "talkers held without a pause: none of the measured numbers"
                        : "talkers held without a pause: " + report.heldWithoutUnderrun());
        if (report.interrupted()) out.println("stopped by you: only what was measured until then");
    }

    private static void row(LoadReport.Row row, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                ROW,
                row.talkers(),
                row.replies(),
                row.failedTurns(),
                both(row.firstAudioMs(), "%.0f"),
                both(row.firstAudioAfterVadMs(), "%.0f"),
                both(row.realTimeFactor(), "%.2f"),
                row.underruns(),
                String.format(Locale.ROOT, "%.0f", row.longestGapMs()),
                row.talkersWithoutUnderrun(),
                both(row.bargeInMs(), "%.1f"));
    }

    private static void troubles(LoadReport.Row row, PrintWriter out) {
        if (row.silentAnswers() > 0) {
            out.println("with " + row.talkers() + ": " + row.silentAnswers() + " x nothing said by the model");
        }
        row.failures()
                .forEach((why, count) -> out.println("with " + row.talkers() + ": " + count + " x failed, " + why));
        row.errors().forEach((code, count) -> out.println("with " + row.talkers() + ": " + count + " x error " + code));
        row.broken().stream()
                .distinct()
                .forEach(why -> out.println("with " + row.talkers() + ": "
                        + row.broken().stream().filter(why::equals).count() + " ended early: " + why));
    }

    private static String both(Percentiles figure, String format) {
        if (figure == null) return "-";
        return String.format(Locale.ROOT, format + " / " + format, figure.p50(), figure.p95());
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf("%-11s %s%n", name, value);
    }
}
