package sparrow.bench.voice;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.engine.transformer.LayerStack;

/** A report as a person reads it. Every figure is a median. */
public final class VoiceTable {
    private static final String STAGE = "%-22s %9s %9s %-14s %9s %9s %6s %8s %6s %8s%n";
    private static final String PRODUCT = "%-22s %-12s %-20s %8s %9s %9s%n";
    private static final String ANSWER = "%-22s %9s %9s %9s %9s %9s%n";

    private VoiceTable() {}

    /**
     * Prints the report.
     *
     * @param products how many sizes of products to list for each stage
     */
    public static void print(VoiceReport report, int products, PrintWriter out) {
        head(report, out);
        for (VoiceReport.OfQuestion question : report.questions()) {
            out.println();
            question(question, products, out);
        }
        if (report.interrupted()) {
            out.println();
            out.println("stopped by you: only what was measured until then");
        }
    }

    private static void head(VoiceReport report, PrintWriter out) {
        Machine machine = report.machine();
        line(
                out,
                "machine",
                machine.cpu() + ", " + machine.processors() + " processors; " + report.threads() + " threads, "
                        + report.arithmetic());
        if (!report.device().equals(LayerStack.CPU)) line(out, "device", report.device());
        line(
                out,
                "gives",
                format(
                        "%.0f GFLOP/s in f32 products of many rows; %.1f GB/s in those of one row",
                        report.rates().gflops(), report.rates().gbPerS()));
        line(out, "system", machine.system() + "; " + machine.java());
        line(
                out,
                "model",
                report.model().name() + ", " + report.model().family() + "  ("
                        + report.model().file() + ")");
        line(out, "command", report.command());
        line(
                out,
                "runs",
                format(
                        "answers of %.1f s, given, not chosen; rounds: %d; stages one after the other, each with all"
                                + " threads",
                        report.speechSeconds(), report.rounds()));
        line(
                out,
                "memory",
                format(
                        "%.0f MB at most (%s)",
                        report.peakMemory().bytes() / 1e6, report.peakMemory().source()));
    }

    private static void question(VoiceReport.OfQuestion question, int products, PrintWriter out) {
        out.println(format(
                "question of %.1f s: %d prompt tokens; answer of %d tokens",
                question.seconds(), question.promptTokens(), question.replyTokens()));
        out.printf(Locale.ROOT, STAGE, "stage", "s", "s per s", "of", "GFLOP", "GFLOP/s", "", "GB/s", "", "linear");
        for (VoiceReport.OfStage stage : question.stages()) {
            out.printf(
                    Locale.ROOT,
                    STAGE,
                    stage.name(),
                    number(stage.seconds().median()),
                    stage.per().equals(VoiceReport.ONCE) ? "" : number(stage.secondsPerSecond()),
                    stage.per(),
                    number(stage.gflop()),
                    number(stage.gflops()),
                    percent(stage.ofGflops()),
                    number(stage.gbPerS()),
                    percent(stage.ofGbPerS()),
                    percent(stage.linearShare()));
        }
        out.printf(Locale.ROOT, STAGE, "between", number(question.otherSeconds()), "", "", "", "", "", "", "", "");
        out.printf(Locale.ROOT, STAGE, "together", number(question.totalSeconds()), "", "", "", "", "", "", "", "");
        if (products > 0) products(question, products, out);
        out.println(format(
                        "first text after %s s; first audio after %s s:",
                        number(question.firstTextSeconds()),
                        number(question.firstAudio().total()))
                + question.firstAudio().seconds().entrySet().stream()
                        .map(stage -> " " + stage.getKey() + " " + number(stage.getValue()))
                        .collect(Collectors.joining(",")));
        out.printf(Locale.ROOT, ANSWER, "whole answer", "text, s", "audio, s", "done, s", "pauses, s", "x real time");
        for (VoiceReport.OfAnswer answer : question.answers()) {
            out.printf(
                    Locale.ROOT,
                    ANSWER,
                    answer.speechExit(),
                    number(answer.firstTextSeconds()),
                    number(answer.firstAudioSeconds()),
                    number(answer.doneSeconds()),
                    number(answer.pausesSeconds()),
                    number(answer.realTimeFactor()));
        }
    }

    private static void products(VoiceReport.OfQuestion question, int most, PrintWriter out) {
        out.printf(Locale.ROOT, PRODUCT, "longest products", "", "rows x columns x depth", "count", "s", "GFLOP/s");
        for (VoiceReport.OfStage stage : question.stages()) {
            stage.products().stream()
                    .limit(most)
                    .forEach(product -> out.printf(
                            Locale.ROOT,
                            PRODUCT,
                            stage.name(),
                            product.kind(),
                            product.rows() + " x " + product.columns() + " x " + product.depth(),
                            product.count(),
                            number(product.seconds()),
                            number(product.gflops())));
        }
    }

    private static void line(PrintWriter out, String label, String value) {
        out.println(format("%-9s", label) + value);
    }

    private static String percent(double share) {
        return format("%.0f%%", 100 * share);
    }

    private static String number(Quartiles quartiles) {
        return number(quartiles.median());
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
