package sparrow.bench.voice;

import java.awt.Color;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import sparrow.app.report.ChartImage;
import sparrow.engine.weights.AtomicFile;

/** A report as bar charts side by side, one for each question: seconds that a stage takes for a second. */
public final class VoiceChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;

    private VoiceChart() {}

    /**
     * Writes the charts as a PNG file, complete or not at all.
     *
     * @throws IOException if the file cannot be written, or this Java cannot draw
     */
    public static void write(VoiceReport report, Path file) throws IOException {
        List<CategoryChart> charts = report.questions().stream()
                .map(question -> stages(report, question))
                .toList();
        AtomicFile.write(file, ChartImage.png(charts, 1));
    }

    private static CategoryChart stages(VoiceReport report, VoiceReport.OfQuestion question) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(report.model().name() + ": question of " + question.seconds() + " s")
                .xAxisTitle("stage, " + report.threads() + " threads")
                .yAxisTitle("seconds for a second of question or speech")
                .build();
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        List<VoiceReport.OfStage> stages = question.stages().stream()
                .filter(stage -> !stage.per().equals(VoiceReport.ONCE))
                .toList();
        chart.addSeries(
                "seconds",
                stages.stream().map(VoiceReport.OfStage::name).toList(),
                stages.stream().map(stage -> rounded(stage.secondsPerSecond())).toList());
        return chart;
    }

    /** Bars are labelled with their values: no more digits than mean something. */
    private static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(3)).doubleValue();
    }
}
