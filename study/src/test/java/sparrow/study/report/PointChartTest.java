package sparrow.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import sparrow.app.report.Mean;

class PointChartTest {
    @Test
    void isAPictureWithAColourForEveryGroup() throws IOException {
        SequencedMap<String, List<PointChart.Point>> groups = new LinkedHashMap<>();
        groups.put("none", List.of(new PointChart.Point(16, 6.1, "")));
        groups.put("fixed", List.of(new PointChart.Point(8, 51.9, "8"), new PointChart.Point(12, 14.9, "12")));

        byte[] png = new PointChart("Word errors", "average depth", "%", groups).png();

        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth()).isEqualTo(2 * 620);
        assertThat(pixels(image, 0xD55E00)).isGreaterThan(100);
        assertThat(pixels(image, 0x0072B2)).isZero();
    }

    @Test
    void sortsItsPointsAndLeavesOutFiguresThatAreNotThere() {
        SequencedMap<String, List<PointChart.Point>> groups = new LinkedHashMap<>();
        PointChart.Point deep = new PointChart.Point(12, 14.9, "12");
        PointChart.Point low = new PointChart.Point(8, 51.9, "8");
        groups.put(
                "odd", List.of(PointChart.Point.of(9, null, ""), PointChart.Point.of(9, new Mean(null, null, 0), "")));
        groups.put("fixed", List.of(deep, new PointChart.Point(Double.NaN, 1, ""), low));

        assertThat(new PointChart("Word errors", "average depth", "%", groups).groups())
                .containsOnly(Map.entry("fixed", List.of(low, deep)));
    }

    private static long pixels(BufferedImage image, int colour) {
        return IntStream.range(0, image.getWidth())
                .mapToLong(x -> IntStream.range(0, image.getHeight())
                        .filter(y -> (image.getRGB(x, y) & 0xFFFFFF) == colour)
                        .count())
                .sum();
    }
}
