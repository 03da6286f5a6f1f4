package sparrow.app.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** Renders charts as PNG images in a common style. */
public final class ChartImage {
    /** Colours that people with red-green colour blindness can distinguish (Okabe and Ito, 2008). */
    private static final Color[] COLOURS = {
        new Color(0x000000),
        new Color(0xD55E00),
        new Color(0x0072B2),
        new Color(0x009E73),
        new Color(0xE69F00),
        new Color(0xCC79A7),
        new Color(0x56B4E9)
    };

    private static final Color GRID = new Color(0xE4E6E3);

    private ChartImage() {}

    /** Applies the common style to a chart. */
    public static void style(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(GRID);
        styler.setSeriesColors(COLOURS);
        styler.setErrorBarsColorSeriesColor(true);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
    }

    /**
     * Returns a PNG image of a chart with an overlay.
     *
     * @param over consumer that draws the overlay after the chart has computed the positions of its points
     * @throws ChartException if this JVM cannot draw
     */
    public static byte[] png(Chart<?, ?> chart, int scale, Consumer<Graphics2D> over) throws ChartException {
        return png(List.of(chart), 1, scale, over);
    }

    /**
     * Returns an image of charts of equal size, side by side.
     *
     * @param scale the number of image pixels per chart pixel; 2 is sharp on high-resolution screens
     * @throws ChartException if this JVM cannot draw
     */
    public static byte[] png(List<? extends Chart<?, ?>> charts, int scale) throws ChartException {
        return png(charts, charts.size(), scale);
    }

    /**
     * Returns an image of charts of equal size, row by row.
     *
     * @param columns the number of charts in a row
     * @param scale the number of image pixels per chart pixel
     * @throws ChartException if this JVM cannot draw
     */
    public static byte[] png(List<? extends Chart<?, ?>> charts, int columns, int scale) throws ChartException {
        return png(charts, columns, scale, _ -> {});
    }

    private static byte[] png(List<? extends Chart<?, ?>> charts, int columns, int scale, Consumer<Graphics2D> over)
            throws ChartException {
        // In headless mode, charts can be drawn without a screen.
        System.setProperty("java.awt.headless", "true");
        int width = charts.getFirst().getWidth();
        int height = charts.getFirst().getHeight();
        int rows = Math.ceilDiv(charts.size(), columns);
        try {
            BufferedImage image =
                    new BufferedImage(scale * width * columns, scale * height * rows, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.scale(scale, scale);
            for (int i = 0; i < charts.size(); i++) {
                charts.get(i).paint(graphics, width, height);
                over.accept(graphics);
                boolean rowEnds = (i + 1) % columns == 0;
                graphics.translate(rowEnds ? -width * (columns - 1) : width, rowEnds ? height : 0);
            }
            graphics.dispose();
            ImageIO.setUseCache(false); // the cache would be a file in the temporary folder
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            return png.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory cannot fail
        } catch (InternalError | LinkageError e) {
            // A JDK without fonts or drawing libraries throws these exceptions.
            throw new ChartException(e);
        }
    }
}
