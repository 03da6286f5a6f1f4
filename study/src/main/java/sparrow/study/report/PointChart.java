package sparrow.study.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.SequencedMap;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import sparrow.app.report.ChartException;
import sparrow.app.report.ChartImage;

/**
 * Points in the plane, in groups that have a colour and a line each.
 *
 * @param title its subject
 * @param x the name of the horizontal axis, with its unit
 * @param y the name of the vertical axis, with its unit
 * @param groups by name, points from left to right
 */
public record PointChart(String title, String x, String y, SequencedMap<String, List<Point>> groups) implements Chart {
    private static final int WIDTH = 620;

    private static final int HEIGHT = 440;

    /** Labels stand above their points, so much of the chart's height. */
    private static final double LABEL_HEIGHT = 0.04;

    /** Colours that stay apart for those who see red and green alike (Okabe and Ito, 2008). */
    private static final Color[] COLOURS = {
        new Color(0x000000),
        new Color(0xD55E00),
        new Color(0x0072B2),
        new Color(0x009E73),
        new Color(0xE69F00),
        new Color(0xCC79A7),
        new Color(0x56B4E9)
    };

    /**
     * One point.
     *
     * @param label above it; may be empty
     */
    public record Point(double x, double y, String label) {}

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public byte[] png() throws ChartException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        style(chart.getStyler());
        groups.forEach((name, points) -> add(chart, name, points, LABEL_HEIGHT * height()));
        return ChartImage.png(List.of(chart), 2);
    }

    private static void style(XYStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(new Color(0xE4E6E3));
        styler.setSeriesColors(COLOURS);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        styler.setAnnotationTextFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
        styler.setMarkerSize(8);
        styler.setXAxisDecimalPattern("#0.##");
        styler.setYAxisDecimalPattern("#0.##");
    }

    /** From the lowest to the highest point. */
    private double height() {
        DoubleSummaryStatistics all = groups.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Point::y)
                .summaryStatistics();
        return all.getMax() - all.getMin();
    }

    private static void add(XYChart chart, String name, List<Point> points, double labelHeight) {
        if (points.isEmpty()) return;
        XYSeries series = chart.addSeries(
                name,
                points.stream().map(Point::x).toList(),
                points.stream().map(Point::y).toList());
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setLineStyle(new BasicStroke(1.2f));
        for (Point point : points) {
            if (point.label().isEmpty()) continue;
            chart.addAnnotation(new AnnotationText(point.label(), point.x(), point.y() + labelHeight, false));
        }
    }
}
