package sparrow.bench.decode;

import java.awt.Color;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import sparrow.app.report.ChartImage;
import sparrow.app.report.Quartiles;
import sparrow.engine.weights.AtomicFile;

/** A report as two bar charts side by side: tokens per second, and the ratio to full depth. */
public final class BenchChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;

    private BenchChart() {}

    /**
     * Writes the charts as a PNG file, complete or not at all.
     *
     * @throws IOException if the file cannot be written, or this Java cannot draw
     */
    public static void write(BenchReport report, Path file) throws IOException {
        AtomicFile.write(file, ChartImage.png(List.of(speeds(report), ratios(report)), 1));
    }

    private static CategoryChart speeds(BenchReport report) {
        List<Quartiles> speeds = report.policies().stream()
                .map(BenchReport.Policy::decodeTokensPerS)
                .toList();
        return bars(report, report.model().name() + ": decoding", "tokens per second", speeds);
    }

    private static CategoryChart ratios(BenchReport report) {
        List<Quartiles> ratios = report.policies().stream()
                .map(policy -> policy.ratioToNone() == null ? new Quartiles(1, 1, 1, 1) : policy.ratioToNone())
                .toList();
        return bars(report, "compared with full depth", "speed, ratio to none", ratios);
    }

    /** Medians as bars; the whisker is the farther of the two other quartiles. */
    private static CategoryChart bars(BenchReport report, String title, String unit, List<Quartiles> values) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("exit policy of speech positions, " + report.threads() + " threads")
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.addSeries(
                unit,
                report.policies().stream().map(BenchReport.Policy::name).toList(),
                values.stream().map(q -> rounded(q.median())).toList(),
                values.stream()
                        .map(q -> Math.max(q.upper() - q.median(), q.median() - q.lower()))
                        .toList());
        return chart;
    }

    /** Bars are labelled with their values: no more digits than mean something. */
    private static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(4)).doubleValue();
    }
}
