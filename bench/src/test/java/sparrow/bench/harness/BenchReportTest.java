package sparrow.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.CategoryChart;
import picocli.CommandLine;
import sparrow.app.report.ChartImage;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.app.report.Table;

/** One report as text, as JSON and as a picture. */
class BenchReportTest {
    private static final Machine MACHINE = new Machine("Fast 9000", 4, "Linux 6", "VM 25");

    @TempDir
    private Path folder;

    private record Row(String name, Quartiles speed, Double ratio, long bytes) {}

    private static final List<Row> ROWS = List.of(
            new Row("none", new Quartiles(7.5, 8, 8.25, 5), null, 4_000_000_000L),
            new Row("triple:22, speech logits", new Quartiles(90, 95.5, 100, 5), 1.1875, 3_000_000L));

    private static BenchReport report() {
        Table<Row> table = new Table<>(ROWS)
                .words("name", "speech exit", Row::name)
                .spread("tokens_per_s", "tokens/s", Figures::number, Row::speed)
                .number("ratio_to_none", "x none", 3, Row::ratio)
                .number("bytes", "MB", bytes -> Figures.format("%.1f", bytes / 1e6), Row::bytes)
                .data("samples", row -> row.speed().samples());
        BenchReport report = new BenchReport("sparrow bench", 5, MACHINE);
        report.line("runs", "some").table("policies", table);
        report.part("questions").value("seconds", 5).line("first");
        report.part("questions").value("seconds", 15).line("second");
        return report;
    }

    @Test
    void columnsAreAsWideAsWhatStandsInThem() {
        StringWriter text = new StringWriter();

        report().print(new PrintWriter(text, true));

        assertThat(text.toString()).isEqualToNormalizingNewlines("""
                        command  sparrow bench
                        machine  Fast 9000, 4 processors
                        system   Linux 6; VM 25
                        runs     some

                        speech exit               tokens/s                    x none      MB
                        none                         8.000  (7.500 .. 8.250)          4000.0
                        triple:22, speech logits     95.50  (90.00 .. 100.0)   1.188     3.0
                        first
                        second
                        """);
    }

    @Test
    void jsonHoldsTheSameFiguresAndMore() throws IOException {
        JsonNode json = new ObjectMapper().readTree(report().json());

        assertThat(json.at("/machine/cpu").asText()).isEqualTo("Fast 9000");
        assertThat(json.at("/policies/0/tokens_per_s/upper").doubleValue()).isEqualTo(8.25);
        assertThat(json.at("/policies/0").has("ratio_to_none")).isFalse();
        assertThat(json.at("/policies/1/ratio_to_none").doubleValue()).isEqualTo(1.1875);
        assertThat(json.at("/policies/1/samples").intValue()).isEqualTo(5);
        assertThat(json.path("questions").findValues("seconds"))
                .extracting(JsonNode::intValue)
                .containsExactly(5, 15);
    }

    private static CategoryChart chart() {
        return BarChart.of(
                "model",
                "policy",
                "tokens per second",
                ROWS.stream().map(Row::name).toList(),
                ROWS.stream().map(Row::speed).toList());
    }

    @Test
    void chartsAreAPictureWithBars() throws IOException {
        byte[] png = ChartImage.png(List.of(chart(), chart()), 1);

        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth()).isEqualTo(1280);
        assertThat(image.getHeight()).isEqualTo(480);
        // The bar of the second policy stands in each chart.
        assertThat(image.getRGB(480, 380)).isNotEqualTo(image.getRGB(2, 2));
        assertThat(image.getRGB(640 + 480, 380)).isEqualTo(image.getRGB(480, 380));
    }

    @Test
    void chartThatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path taken = Files.createDirectories(folder.resolve("speed.png/inside")).getParent();
        BenchOptions option = new BenchOptions();
        new CommandLine(new Plotting(option)).parseArgs("--plot", taken.toString());

        assertThatThrownBy(() -> option.draw(List.of(chart()))).isInstanceOf(IOException.class);

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(taken);
        }
    }

    @CommandLine.Command
    private static final class Plotting {
        @CommandLine.Mixin
        private final BenchOptions option;

        Plotting(BenchOptions option) {
            this.option = option;
        }
    }
}
