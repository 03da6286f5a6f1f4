package sparrow.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Grids of values as pictures. */
class HeatMapTest {
    private static BufferedImage picture(double[][] values) throws IOException {
        HeatMap map = new HeatMap("title", "x", "y", List.of("1", "2"), List.of("a", "b"), values);
        return ImageIO.read(new ByteArrayInputStream(map.png()));
    }

    @Test
    void showOtherValuesInOtherColours() throws IOException {
        BufferedImage picture = picture(new double[][] {{0, 100}, {100, 0}});
        BufferedImage turned = picture(new double[][] {{100, 0}, {0, 100}});

        assertThat(picture.getWidth()).isEqualTo(2 * 900);
        int x = picture.getWidth() / 4;
        int y = picture.getHeight() / 3;
        assertThat(picture.getRGB(x, y)).isNotEqualTo(turned.getRGB(x, y));
    }

    @Test
    void leaveCellsWithoutAValueWhite() throws IOException {
        BufferedImage picture = picture(new double[][] {{0, 100}, {Double.NaN, Double.NaN}});

        assertThat(picture.getRGB(picture.getWidth() / 4 + 7, picture.getHeight() / 3))
                .isEqualTo(0xFFFFFFFF);
    }
}
