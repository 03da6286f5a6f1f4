package sparrow.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import sparrow.app.Main;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitHead;
import sparrow.engine.exit.Head;
import sparrow.engine.exit.PartialHead;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.RandomOnDevice;

/** {@code sparrow bench --device}: what is asked of a device is counted, and models of random weights need no file. */
@Tag("device")
class BenchOnDeviceTest {
    @TempDir
    private Path folder;

    private static JsonNode bench(String... more) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] all = Stream.concat(
                        Stream.of("bench", "--device", DeviceUnderTest.facts().id(), "--memory", "2", "--json"),
                        Arrays.stream(more))
                .toArray(String[]::new);
        assertThat(commands.execute(all)).as(err.toString()).isZero();
        return new ObjectMapper().readTree(out.toString());
    }

    /** The bundled model's exit heads are those of layer 12 and others. */
    @Test
    void aStepAndAPrefillWaitOnceWhateverTheyCarry() throws IOException {
        JsonNode report = bench(
                "--warm-up",
                "0",
                "--prompt",
                "5",
                "--policies",
                "even:12,triple:12",
                "--rounds",
                "1",
                "--tokens",
                "6",
                "--behind",
                "7,40",
                "--prefill",
                "9");

        JsonNode figures = report.path("device_figures");
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
        assertThat(report.path("policies"))
                .hasSize(3)
                .allSatisfy(policy ->
                        assertThat(policy.at("/asked/waits").doubleValue()).isEqualTo(1));
    }

    private static TransformerConfig narrow(PublishedModel model) {
        TransformerConfig c = model.config();
        return new TransformerConfig(
                37,
                64,
                4,
                2,
                32,
                96,
                c.vocabulary(),
                512,
                c.normEpsilon(),
                new Rope(32, 10_000, c.rope().pairing()));
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatNoFileHoldsComputesNumbersAndSharesItsOutputMatrix(Quantisation quantisation) throws IOException {
        PublishedModel glm = SpokenModels.published("glm-4-voice-9b");
        DeviceChoice device = DeviceChoice.parse(DeviceUnderTest.facts().id());
        try (ComputePool pool = new ComputePool(1);
                RandomOnDevice opened =
                        RandomOnDevice.open(glm, narrow(glm), quantisation, device, Kernels.create(pool))) {
            LanguageModel lm = opened.languageModel();
            assertThat(lm.heads().layers()).isEqualTo(new TreeSet<>(List.of(30, 36)));
            ExitHead full = lm.heads().full();
            Position position = new Position(
                    lm.transformer().newCache(),
                    0,
                    lm.transformer().state(lm.transformer().embed(7)));
            lm.transformer().forward(List.of(position), 36);
            float[] early = values(lm, lm.heads().at(36), position);
            lm.transformer().forward(List.of(position), 37);
            float[] all = values(lm, full, position);
            Head speech = PartialHead.of(full, lm.tokens().allowedInSpeech());
            float[] some = values(lm, speech, position);

            assertThat(early)
                    .hasSameSizeAs(glm.tokens().allowedInSpeech().stream().toArray());
            assertThat(spread(early)).isBetween(0.3, 3.0);
            assertThat(spread(all)).isBetween(0.3, 3.0);
            int[] tokens = speech.rows().tokens();
            for (int row = 0; row < some.length; row += 97) {
                if (glm.tokens().allowedInSpeech().get(tokens[row]))
                    assertThat(some[row]).isEqualTo(all[tokens[row]]);
            }
        }
    }

    private static float[] values(LanguageModel lm, Head head, Position position) {
        return head.logits(lm.transformer().newScorer(), List.of(position.state()))
                .getFirst()
                .values();
    }

    private static double spread(float[] values) {
        double squares = 0;
        for (float value : values) squares += (double) value * value;
        return Math.sqrt(squares / values.length);
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
                .isEqualTo(DeviceUnderTest.facts().id());
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
