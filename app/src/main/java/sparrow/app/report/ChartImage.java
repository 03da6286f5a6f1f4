package sparrow.app.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;

/** Charts as the bytes of a PNG file. */
public final class ChartImage {
    private ChartImage() {}

    /**
     * Charts of one size, side by side.
     *
     * @param scale pixels of the image for one of a chart: 2 stays sharp on fine screens
     * @throws ChartException if this Java cannot draw
     */
    public static byte[] png(List<? extends Chart<?, ?>> charts, int scale) throws ChartException {
        // No window is ever opened, and a machine without a screen can draw.
        System.setProperty("java.awt.headless", "true");
        int width = charts.getFirst().getWidth();
        int height = charts.getFirst().getHeight();
        try {
            BufferedImage image =
                    new BufferedImage(scale * width * charts.size(), scale * height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.scale(scale, scale);
            for (Chart<?, ?> chart : charts) {
                chart.paint(graphics, width, height);
                graphics.translate(width, 0);
            }
            graphics.dispose();
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            return png.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        } catch (InternalError | LinkageError e) {
            // A JDK without fonts, or built without the drawing libraries, throws these.
            throw new ChartException(e);
        }
    }
}
