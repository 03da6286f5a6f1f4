package sparrow.study.report;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import sparrow.app.report.ChartException;
import sparrow.app.report.ChartImage;
import sparrow.app.report.Mean;

/**
 * A scatter plot with error bars. Each group of points has a colour and a line.
 *
 * @param title title
 * @param x title of the horizontal axis with its unit
 * @param y title of the vertical axis with its unit
 * @param groups groups by name; points that are not finite, and groups without points, are omitted
 */
public record PointChart(String title, String x, String y, SequencedMap<String, List<Point>> groups) implements Chart {
    public PointChart {
        SequencedMap<String, List<Point>> shown = new LinkedHashMap<>();
        groups.forEach((name, points) -> {
            List<Point> finite = points.stream()
                    .filter(point -> Double.isFinite(point.x()) && Double.isFinite(point.y()))
                    .sorted(Comparator.comparingDouble(Point::x))
                    .toList();
            if (!finite.isEmpty()) shown.put(name, finite);
        });
        groups = shown;
    }

    private static final int WIDTH = 620;
    private static final int HEIGHT = 440;

    /** Margin around the points, as a fraction of their range. */
    private static final double MARGIN = 0.08;

    /** Distance from the centre of a point to its label, in pixels. */
    private static final int DISTANCE = 7;

    /** Radius of a point's marker, in pixels. */
    private static final double RADIUS = 3.5;

    /**
     * A labelled point with an error bar.
     *
     * @param error half the length of the error bar, or 0 for no error bar
     * @param label label next to the point; may be empty
     */
    public record Point(double x, double y, double error, String label) {
        /** Creates a point without an error bar. */
        public Point(double x, double y, String label) {
            this(x, y, 0, label);
        }

        /**
         * Returns a point for a mean, with its standard error as the error bar. The point is not finite if there is no
         * mean.
         */
        public static Point of(double x, Mean mean, String label) {
            if (mean == null || mean.value() == null) return new Point(x, Double.NaN, label);
            return new Point(x, mean.value(), mean.standardError() == null ? 0 : mean.standardError(), label);
        }
    }

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
        Map<String, XYSeries> series = new HashMap<>();
        groups.forEach((name, points) -> series.put(name, add(chart, name, points)));
        return ChartImage.png(chart, 2, graphics -> label(chart, series, graphics));
    }

    private void style(XYStyler styler) {
        ChartImage.style(styler);
        styler.setMarkerSize(7);
        styler.setXAxisDecimalPattern("#0.##");
        styler.setYAxisDecimalPattern("#0.##");
        double[] across = range(Point::x, Point::x);
        double[] up = range(point -> point.y() - point.error(), point -> point.y() + point.error());
        styler.setXAxisMin(across[0]);
        styler.setXAxisMax(across[1]);
        styler.setYAxisMin(up[0]);
        styler.setYAxisMax(up[1]);
    }

    /** Returns the range of all points, extended by a margin. */
    private double[] range(ToDoubleFunction<Point> low, ToDoubleFunction<Point> high) {
        DoubleSummaryStatistics all = points().flatMapToDouble(
                        point -> DoubleStream.of(low.applyAsDouble(point), high.applyAsDouble(point)))
                .summaryStatistics();
        double margin = all.getMax() > all.getMin() ? MARGIN * (all.getMax() - all.getMin()) : 1;
        return new double[] {all.getMin() - margin, all.getMax() + margin};
    }

    private Stream<Point> points() {
        return groups.values().stream().flatMap(List::stream);
    }

    private static XYSeries add(XYChart chart, String name, List<Point> points) {
        XYSeries series = chart.addSeries(
                name,
                points.stream().map(Point::x).toList(),
                points.stream().map(Point::y).toList(),
                points.stream().map(Point::error).toList());
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setLineStyle(new BasicStroke(1.2f));
        return series;
    }

    /**
     * Draws the labels where they do not cover a point, line, error bar or other label. A label without such a position
     * is omitted.
     */
    private void label(XYChart chart, Map<String, XYSeries> series, Graphics2D graphics) {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
        FontMetrics font = graphics.getFontMetrics();
        Rectangle2D plot = plot(chart);
        List<Shape> taken = new ArrayList<>();
        groups.values().forEach(points -> taken.addAll(drawn(chart, points)));
        groups.forEach((name, points) -> {
            graphics.setColor(series.get(name).getLineColor());
            for (Point point : points) {
                if (point.label().isEmpty()) continue;
                Optional<Rectangle2D> place = places(
                                chart.getScreenXFromChart(point.x()),
                                chart.getScreenYFromChart(point.y()),
                                font.stringWidth(point.label()),
                                font.getAscent())
                        .filter(plot::contains)
                        .filter(free -> taken.stream().noneMatch(shape -> shape.intersects(free)))
                        .findFirst();
                place.ifPresent(free -> {
                    taken.add(free);
                    graphics.drawString(point.label(), (float) free.getX(), (float) free.getMaxY());
                });
            }
        });
    }

    private static Rectangle2D plot(XYChart chart) {
        XYStyler axes = chart.getStyler();
        Rectangle2D plot = new Rectangle2D.Double();
        plot.setFrameFromDiagonal(
                chart.getScreenXFromChart(axes.getXAxisMin()),
                chart.getScreenYFromChart(axes.getYAxisMax()),
                chart.getScreenXFromChart(axes.getXAxisMax()),
                chart.getScreenYFromChart(axes.getYAxisMin()));
        return plot;
    }

    /** Returns the shapes of a group's points, error bars and connecting lines. */
    private static List<Shape> drawn(XYChart chart, List<Point> points) {
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            double x = chart.getScreenXFromChart(point.x());
            double high = chart.getScreenYFromChart(point.y() + point.error()) - RADIUS;
            double low = chart.getScreenYFromChart(point.y() - point.error()) + RADIUS;
            shapes.add(new Rectangle2D.Double(x - RADIUS, high, 2 * RADIUS, low - high));
            if (i == 0) continue;
            shapes.add(new Line2D.Double(
                    chart.getScreenXFromChart(points.get(i - 1).x()),
                    chart.getScreenYFromChart(points.get(i - 1).y()),
                    x,
                    chart.getScreenYFromChart(point.y())));
        }
        return shapes;
    }

    /** Returns the possible positions of a label, best first. */
    private static Stream<Rectangle2D> places(double x, double y, double width, double height) {
        return Stream.of(DISTANCE, 2 * DISTANCE, 3 * DISTANCE)
                .flatMap(far -> Stream.of(
                        new Rectangle2D.Double(x - width / 2, y - far - height, width, height),
                        new Rectangle2D.Double(x - width / 2, y + far, width, height),
                        new Rectangle2D.Double(x + far, y - height / 2, width, height),
                        new Rectangle2D.Double(x - far - width, y - height / 2, width, height),
                        new Rectangle2D.Double(x + far, y - far - height, width, height),
                        new Rectangle2D.Double(x - far - width, y - far - height, width, height),
                        new Rectangle2D.Double(x + far, y + far, width, height),
                        new Rectangle2D.Double(x - far - width, y + far, width, height)));
    }
}
