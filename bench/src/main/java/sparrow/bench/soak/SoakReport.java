package sparrow.bench.soak;

import static sparrow.bench.harness.Figures.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import sparrow.app.report.ChartImage;
import sparrow.app.report.Quartiles;
import sparrow.app.report.Table;
import sparrow.bench.harness.BenchReport;

/** The verdict, table and charts of a soak test. */
final class SoakReport {
    /**
     * Maximum number of points in a curve of answer measurements. In a two-hour run, each point represents one minute.
     */
    private static final int POINTS = 120;

    private final SoakRun.Outcome outcome;
    private final Growth heap;
    private final Growth resident;

    /** Consecutive rows, and the answers heard during these rows. */
    private record Part(List<SoakRow> rows, SoakRow.Heard heard) {
        /** Returns the time from the start of the run to the end of this part, in minutes. */
        double minutes() {
            return rows.getLast().seconds() / 60;
        }

        Double median(Function<SoakRow, Double> figure) {
            List<Double> values =
                    rows.stream().map(figure).filter(Objects::nonNull).toList();
            return values.isEmpty() ? null : Quartiles.of(values).median();
        }

        Double max(Function<SoakRow, Double> figure) {
            return rows.stream()
                    .map(figure)
                    .filter(Objects::nonNull)
                    .max(Double::compare)
                    .orElse(null);
        }
    }

    SoakReport(SoakRun.Outcome outcome) {
        this.outcome = outcome;
        this.heap = growth(SoakRow::heapMb);
        this.resident = growth(SoakRow::residentMb);
    }

    private Growth growth(Function<SoakRow, Double> figure) {
        List<Double> values = new ArrayList<>();
        outcome.rows().forEach(row -> values.add(figure.apply(row)));
        return Growth.of(values);
    }

    /** Returns whether the server behaved as documented and did not grow. */
    boolean isPassed() {
        return outcome.unexpected().isEmpty() && !hasGrown(heap) && !hasGrown(resident);
    }

    private static boolean hasGrown(Growth growth) {
        return growth != null && growth.isBeyondNoise();
    }

    void report(BenchReport report) {
        report.table("quarters", table(parts(4))).line("");
        outcome.injected().forEach((fault, count) -> report.line(format("%-15s", fault) + count));
        if (!outcome.troubles().isEmpty()) report.line("").line("talkers did not hear:");
        outcome.troubles().forEach((why, count) -> report.line("  " + count + " x " + why));
        report.line("").line(verdict("heap after collection", heap)).line(verdict("resident memory", resident));
        outcome.unexpected().forEach(what -> report.line("unexpected: " + what));
        report.line(isPassed() ? "passed" : "failed");
    }

    private static String verdict(String what, Growth growth) {
        if (growth == null) return what + ": the run is too short to compare quarters";
        return what
                + format(
                        ": %.1f MB in the second quarter, %.1f MB in the last, maximum noise %.1f MB: ",
                        growth.second(), growth.last(), growth.limit())
                + (growth.isBeyondNoise() ? "it has grown" : "no growth");
    }

    /** Divides the run into at most {@code max} parts of equal length. */
    private List<Part> parts(int max) {
        List<SoakRow> rows = outcome.rows();
        int parts = Math.min(max, rows.size());
        return IntStream.range(0, parts)
                .mapToObj(i -> rows.subList(rows.size() * i / parts, rows.size() * (i + 1) / parts))
                .map(part -> new Part(
                        part, part.stream().map(SoakRow::heard).reduce(SoakRow.Heard.NOTHING, SoakRow.Heard::plus)))
                .toList();
    }

    private static Table<Part> table(List<Part> quarters) {
        return new Table<>(quarters)
                .number("minutes", "to minute", 0, Part::minutes)
                .number("resident_mb", "resident MB", 0, q -> q.median(SoakRow::residentMb))
                .number("heap_mb", "heap MB", 0, q -> q.median(SoakRow::heapMb))
                .number("handles", "handles", 0, q -> q.median(SoakRow::handles))
                .number("threads", "threads", 0, q -> q.median(SoakRow::threads))
                .number("health_max_ms", "slowest /healthz ms", 0, q -> q.max(SoakRow::healthMs))
                .number("answers", "answers", 0, q -> q.heard().answers())
                .number("first_audio_p50_ms", "p50 ms", 0, q -> q.heard().firstAudioMs(0.5))
                .number("first_audio_p95_ms", "p95 ms", 0, q -> q.heard().firstAudioMs(0.95))
                .number("first_audio_p99_ms", "p99 ms", 0, q -> q.heard().firstAudioMs(0.99))
                .number("underruns", "underruns", 0, q -> q.heard().underruns())
                .number("broken_off", "broken off", 0, q -> q.heard().brokenOff())
                .number("unanswered", "unanswered", 0, q -> q.heard().unanswered())
                .number("whole_percent", "whole %", 2, q -> q.heard().wholePercent());
    }

    /** Returns a PNG image with four charts over time. */
    byte[] png() throws IOException {
        List<Part> rows = parts(Integer.MAX_VALUE);
        List<Part> points = parts(POINTS);
        XYChart memory = chart("memory", "MB");
        line(memory, "resident", rows, part -> part.median(SoakRow::residentMb));
        line(memory, "heap after collection", rows, part -> part.median(SoakRow::heapMb));
        XYChart counts = chart("handles and threads", "number");
        line(counts, "open files and sockets", rows, part -> part.median(SoakRow::handles));
        line(counts, "threads", rows, part -> part.median(SoakRow::threads));
        XYChart latency = chart("end of the question to first audio", "ms");
        line(latency, "p99", points, part -> part.heard().firstAudioMs(0.99));
        line(latency, "p95", points, part -> part.heard().firstAudioMs(0.95));
        line(latency, "p50", points, part -> part.heard().firstAudioMs(0.5));
        XYChart answers = chart("answers", "% or number");
        line(answers, "whole, %", points, part -> part.heard().wholePercent());
        line(answers, "underruns", points, part -> (double) part.heard().underruns());
        return ChartImage.png(List.of(memory, counts, latency, answers), 2, 1);
    }

    private static XYChart chart(String title, String unit) {
        XYChart chart = new XYChartBuilder()
                .width(640)
                .height(360)
                .title(title)
                .xAxisTitle("minutes")
                .yAxisTitle(unit)
                .build();
        ChartImage.style(chart.getStyler());
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
        return chart;
    }

    private static void line(XYChart chart, String name, List<Part> parts, Function<Part, Double> figure) {
        List<Double> minutes = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (Part part : parts) {
            Double value = figure.apply(part);
            if (value == null) continue;
            minutes.add(part.minutes());
            values.add(value);
        }
        // A chart without points cannot be drawn.
        if (values.isEmpty()) chart.addSeries(name, List.of(0), List.of(0));
        else
            chart.addSeries(name, minutes, values).setMarker(SeriesMarkers.NONE).setLineWidth(1);
    }
}
