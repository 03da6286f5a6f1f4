package sparrow.bench.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
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
import sparrow.app.report.JsonText;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.bench.harness.PeakMemory;

/** One report as a table, as JSON and as a picture. */
class BenchOutputTest {
    private static final BenchReport REPORT = new BenchReport(
            "sparrow bench decode --threads 2",
            new Machine("Fast 9000", 4, "Linux 6", "VM 25"),
            "vector-512x12",
            "Card 9 (OpenCL 3.0)",
            2,
            new BenchReport.Subject("model", "folder", 28, 4_000_000_000L, 1.5, 6.25),
            96,
            52,
            "copy",
            5,
            false,
            new Quartiles(20, 21.5, 22, 15),
            List.of(
                    new BenchReport.Policy(
                            "none", "none", "all", 28, 0, new Quartiles(7.5, 8, 8.25, 5), null, 1, 4e9, 32),
                    new BenchReport.Policy(
                            "triple:22",
                            "none",
                            "speech",
                            24.04,
                            0.1414,
                            new Quartiles(9, 9.5, 10, 5),
                            new Quartiles(1.17, 1.1875, 1.2, 9),
                            1.21,
                            3.3e9,
                            31.4)),
            List.of(
                    new BenchReport.Kind(22, 22, 0, new Quartiles(90, 95, 99, 30), 0.76, 3_000_000_000L, 31.6),
                    new BenchReport.Kind(22, 28, 0, new Quartiles(120, 125, 130, 10), 1.0, 4_000_000_000L, 32.0),
                    new BenchReport.Kind(22, 28, 2, new Quartiles(130, 140.25, 150, 10), 1.122, 4_000_000_000L, 28.5)),
            new PeakMemory(5_000_000_000L, "resident, VmHWM"));

    @TempDir
    private Path folder;

    @Test
    void tableNamesWhereAndWhatAndGivesMediansWithTheirSpread() {
        StringWriter text = new StringWriter();

        BenchTable.print(REPORT, new PrintWriter(text, true));

        assertThat(text.toString().lines())
                .contains("machine  Fast 9000, 4 processors; 2 threads, vector-512x12")
                .contains("device   Card 9 (OpenCL 3.0)")
                .contains("command  sparrow bench decode --threads 2")
                .contains("weights  28 layers; 4000.0 MB read by a token at full depth")
                .contains(
                        "runs     96 tokens prefilled, 52 decoded at speech positions; rounds: 5; skipped layers: copy")
                .contains("load     1.50 s; first prefill 6.25 s")
                .contains("memory   5000 MB at most (resident, VmHWM)")
                .contains("prefill  21.50 tokens/s  (20.00 .. 22.00)")
                .anyMatch(line -> line.matches(
                        "none +28\\.00 +0\\.0% +8\\.000 \\(7\\.500 \\.\\. 8\\.250\\) +1 +1\\.000" + " +32\\.00"))
                .anyMatch(line ->
                        line.matches("triple:22, speech logits +24\\.04 +14\\.1% +9\\.500 \\(9\\.000 \\.\\. 10\\.00\\)"
                                + " +1\\.188  \\(1\\.170 \\.\\. 1\\.200\\) +1\\.210 +31\\.40"))
                .anyMatch(line -> line.matches("early, layer 22 +95\\.00 .* 0\\.760 +3000\\.0 +31\\.60"))
                .anyMatch(line -> line.matches("full +125\\.0 .* 1\\.000 .*"))
                .anyMatch(line -> line.matches("full \\+ 2 pending from 22 +140\\.3 .* 1\\.122 .*"))
                .noneMatch(line -> line.contains("stopped"));
    }

    @Test
    void jsonHoldsTheSameFigures() throws IOException {
        JsonNode json = new ObjectMapper().readTree(JsonText.of(REPORT));

        assertThat(json.path("machine").path("cpu").asText()).isEqualTo("Fast 9000");
        assertThat(json.path("skipped_kv").asText()).isEqualTo("copy");
        assertThat(json.path("arithmetic").asText()).isEqualTo("vector-512x12");
        assertThat(json.path("device").asText()).isEqualTo("Card 9 (OpenCL 3.0)");
        assertThat(json.path("prefill_tokens_per_s").path("median").doubleValue())
                .isEqualTo(21.5);
        assertThat(json.path("policies").path(0).has("ratio_to_none")).isFalse();
        JsonNode triple = json.path("policies").path(1);
        assertThat(triple.path("policy").asText()).isEqualTo("triple:22");
        assertThat(triple.path("speech_logits").asText()).isEqualTo("speech");
        assertThat(triple.path("decode_tokens_per_s").path("upper").doubleValue())
                .isEqualTo(10);
        assertThat(triple.path("ratio_to_none").path("median").doubleValue()).isEqualTo(1.1875);
        assertThat(json.path("steps").path(2).path("pending_rows").intValue()).isEqualTo(2);
        assertThat(json.path("steps").path(2).path("ratio_to_full").doubleValue())
                .isEqualTo(1.122);
        assertThat(json.path("peak_memory").path("bytes").longValue()).isEqualTo(5_000_000_000L);
    }

    @Test
    void chartIsAPictureWithBars() throws IOException {
        Path file = folder.resolve("speed.png");

        BenchChart.write(REPORT, file);

        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(1280);
        assertThat(image.getHeight()).isEqualTo(480);
        // A bar of each chart stands where the first policy is.
        assertThat(image.getRGB(200, 380)).isNotEqualTo(image.getRGB(2, 2));
        assertThat(image.getRGB(840, 380)).isEqualTo(image.getRGB(200, 380));
    }

    @Test
    void chartThatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path taken = Files.createDirectories(folder.resolve("speed.png/inside")).getParent();

        assertThatThrownBy(() -> BenchChart.write(REPORT, taken)).isInstanceOf(IOException.class);

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(taken);
        }
    }
}
