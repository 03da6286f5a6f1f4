package sparrow.bench.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import picocli.CommandLine.Option;
import sparrow.app.options.OutputPath;
import sparrow.app.report.ChartImage;
import sparrow.formats.AtomicFile;

/** A picocli mixin with the option for the chart file. */
public final class PlotOption {
    @Option(names = "--plot", paramLabel = "PNG", description = "Draw a bar chart of the results.")
    private Path plot;

    /**
     * Checks that the chart file can be written, before the long measurement starts.
     *
     * @throws IllegalArgumentException if the file cannot be written
     */
    public void check() {
        if (plot != null && !plot.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException("--plot: expected a file name that ends with .png, got " + plot);
        }
        OutputPath.expectFile("--plot", plot);
    }

    /**
     * Writes the charts side by side if the option is given. The file is written atomically.
     *
     * @throws IOException if the file cannot be written, or this JVM cannot draw charts
     */
    public void draw(List<CategoryChart> charts) throws IOException {
        if (plot != null && !charts.isEmpty()) AtomicFile.write(plot, ChartImage.png(charts, 1));
    }
}
