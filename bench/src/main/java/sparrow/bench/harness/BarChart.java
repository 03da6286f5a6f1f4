package sparrow.bench.harness;

import java.awt.Color;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import sparrow.app.report.ChartImage;
import sparrow.app.report.Quartiles;

/** Medians as bars; a whisker is the farther of the two other quartiles. */
public final class BarChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;

    /** Light enough for the whiskers; of the colours of all charts. */
    private static final Color BARS = new Color(0x56B4E9);

    private BarChart() {}

    /**
     * A chart.
     *
     * @param names below the bars
     * @param bars as many
     */
    public static CategoryChart of(String title, String below, String unit, List<String> names, List<Quartiles> bars) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(below)
                .yAxisTitle(unit)
                .build();
        ChartImage.style(chart.getStyler());
        // The whiskers begin inside of the bars.
        chart.getStyler().setErrorBarsColorSeriesColor(false);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setLabelsVisible(true);
        // More names than that would run into one another.
        if (names.size() > 4) chart.getStyler().setXAxisLabelRotation(20);
        chart.getStyler().setLegendVisible(false);
        chart.addSeries(
                        unit,
                        names,
                        bars.stream().map(q -> rounded(q.median())).toList(),
                        bars.stream()
                                .map(q -> Math.max(q.upper() - q.median(), q.median() - q.lower()))
                                .toList())
                .setFillColor(BARS);
        return chart;
    }

    /** Bars are labelled with their values: no more digits than mean something. */
    private static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(4)).doubleValue();
    }
}
