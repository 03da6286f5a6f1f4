package sparrow.bench.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import picocli.CommandLine.Option;
import sparrow.app.options.OutputPath;
import sparrow.app.report.ChartImage;
import sparrow.formats.weights.AtomicFile;

/** The file of the charts; a picocli mixin. */
public final class PlotOption {
    @Option(names = "--plot", paramLabel = "PNG", description = "Draw what was found as bars.")
    private Path plot;

    /**
     * Looks at the place before anything is measured: minutes would be lost.
     *
     * @throws IllegalArgumentException in one line if nothing can be written there
     */
    public void check() {
        if (plot != null && !plot.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException("--plot: expected a file name that ends with .png, got " + plot);
        }
        OutputPath.expectFile("--plot", plot);
    }

    /**
     * Draws the charts side by side where one asked for them; the file is complete or not there.
     *
     * @throws IOException if the file cannot be written, or this Java cannot draw
     */
    public void draw(List<CategoryChart> charts) throws IOException {
        if (plot != null && !charts.isEmpty()) AtomicFile.write(plot, ChartImage.png(charts, 1));
    }
}
