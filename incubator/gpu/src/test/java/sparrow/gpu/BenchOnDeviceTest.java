package sparrow.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sparrow.app.Main;

/** {@code sparrow bench-device}: what is asked of a device is counted. */
@Tag("device")
class BenchOnDeviceTest {
    @TempDir
    private Path folder;

    private static JsonNode bench(String... more) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] all = Stream.concat(
                        Stream.of(
                                "bench-device",
                                "--device",
                                DeviceUnderTest.info().id(),
                                "--memory",
                                "2",
                                "--json"),
                        Arrays.stream(more))
                .toArray(String[]::new);
        assertThat(commands.execute(all)).as(err.toString()).isZero();
        return new ObjectMapper().readTree(out.toString());
    }

    /** The bundled model's exit heads are those of layer 12 and others. */
    @Test
    void aStepAndAPrefillWaitOnceWhateverTheyCarry() throws IOException {
        JsonNode report =
                bench("--exit-layers", "12", "--rounds", "1", "--steps", "6", "--positions", "7,40", "--prefill", "9");

        JsonNode figures = report.path("figures");
        assertThat(figures.path("steps")).hasSize(2 * 4).allSatisfy(step -> {
            assertThat(step.at("/asked/waits").doubleValue()).isEqualTo(1);
            assertThat(step.path("share_of_ceiling").doubleValue()).isPositive();
            assertThat(step.at("/ms/samples").intValue()).isEqualTo(6);
        });
        JsonNode full = figures.at("/steps/0");
        JsonNode early = figures.at("/steps/1");
        JsonNode withTwo = figures.at("/steps/3");
        assertThat(full.path("context").intValue()).isEqualTo(7);
        assertThat(early.path("depth").intValue()).isEqualTo(12);
        assertThat(early.at("/asked/launches").doubleValue())
                .isLessThan(full.at("/asked/launches").doubleValue());
        assertThat(withTwo.path("pending_rows").intValue()).isEqualTo(2);
        assertThat(figures.path("prefill")).hasSize(1).allSatisfy(prefill -> {
            assertThat(prefill.path("rows").intValue()).isEqualTo(9);
            assertThat(prefill.at("/asked/waits").doubleValue()).isEqualTo(1);
        });
        assertThat(figures.at("/ceiling/bytes").longValue()).isEqualTo(2 << 20);
    }

    @Test
    void aBenchmarkOfDecodingNamesTheDevice() throws IOException {
        StringWriter out = new StringWriter();
        String line =
                "bench decode --set warm-up=0 --set prompt=5 --policies none --rounds 1 --tokens 3 --json --device "
                        + DeviceUnderTest.info().id();

        int code = Main.commandLine().setOut(new PrintWriter(out)).execute(line.split(" "));

        assertThat(code).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).path("device").asText())
                .isEqualTo(DeviceUnderTest.info().label());
    }

    private static void assertRefused(String line, String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine commands = Main.commandLine().setErr(new PrintWriter(err));
        String[] all = Stream.concat(Stream.of("bench-device"), Arrays.stream(arguments))
                .toArray(String[]::new);
        assertThat(commands.execute(all)).isEqualTo(2);
        assertThat(err.toString().lines().toList().getLast()).startsWith(line);
    }

    @Test
    void whatCannotBeMeasuredIsRefusedInOneLine() {
        String id = DeviceUnderTest.info().id();
        assertRefused("sparrow: --device: expected a device to measure, such as gpu, got cpu");
        assertRefused("sparrow: --memory: expected 1 or more, got 0", "--device", id, "--kernels", "--memory", "0");
        assertRefused(
                "sparrow: --prefill: expected 1 to 1024 in the context of this model, got 100000",
                "--device",
                id,
                "--prefill",
                "100000");
    }

    @Test
    void aDeviceIsMeasuredWithoutAModel() throws IOException {
        Path file = folder.resolve("kernels.json");
        JsonNode report = bench(
                "--kernels",
                "--like",
                "step-audio-2-mini",
                "--quant",
                "q8_0",
                "--rounds",
                "1",
                "--save",
                file.toString());
        assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(report);

        assertThat(report.at("/device/id").asText())
                .isEqualTo(DeviceUnderTest.info().id());
        assertThat(report.at("/read_gb_per_s/median").doubleValue()).isPositive();
        assertThat(report.at("/launch_us/median").doubleValue()).isPositive();
        // Six matrices, for 1 to 4 rows; what does not fit the memory is measured by fewer of its rows.
        assertThat(report.path("products")).hasSize(6 * 4).allSatisfy(product -> {
            long bytes = product.path("bytes").longValue();
            assertThat(bytes).isBetween(1L, (long) 2 << 20);
            assertThat(product.path("share_of_ceiling").doubleValue()).isPositive();
        });
        assertThat(report.at("/products/0/matrix").asText()).isEqualTo("query, key and value");
    }
}
