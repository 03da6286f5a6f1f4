package sparrow.bench.harness;

import java.awt.Color;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import sparrow.app.report.ChartImage;
import sparrow.app.report.Quartiles;

/** Creates bar charts of medians. Each whisker ends at the quartile with the larger distance from the median. */
public final class BarChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;

    /** Colour of the bars. The colour is light enough for whiskers to be visible. */
    private static final Color BARS = new Color(0x56B4E9);

    private BarChart() {}

    /**
     * Returns a bar chart of medians with whiskers.
     *
     * @param names labels below the bars
     * @param bars values, one per name
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
        // The lower half of a whisker is inside its bar.
        chart.getStyler().setErrorBarsColorSeriesColor(false);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setLabelsVisible(true);
        // More than four horizontal names would overlap.
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

    /** Rounds a value to the number of significant digits that its label displays. */
    private static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(4)).doubleValue();
    }
}
