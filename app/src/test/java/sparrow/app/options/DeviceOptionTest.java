package sparrow.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.Commands.Outcome;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;

/** {@code --device}, with the devices of {@link FakeDevices}. */
@Tag("full")
class DeviceOptionTest {
    private static final String QUESTION = Path.of(System.getProperty("sparrow.testdata"), "../examples/q03.wav")
            .toString();
    private static final String TOLD = "sparrow: layers are computed on ";

    @TempDir
    private Path folder;

    private static Outcome ask(String... more) {
        return run(
                Stream.concat(Stream.of("ask", QUESTION), Arrays.stream(more)).toArray(String[]::new));
    }

    private static JsonNode json(Outcome outcome) throws IOException {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return new ObjectMapper().readTree(outcome.out());
    }

    @Test
    void oneLineAndTheReportSayWhereTheLayersAre() throws IOException {
        Outcome outcome = ask("--device", "fake:0", "--json");
        assertThat(outcome.err().strip()).isEqualTo(TOLD + "Fake 0 (Host 3.0)");
        assertThat(json(outcome).path("device").asText()).isEqualTo("Fake 0 (Host 3.0)");
    }

    @Test
    void nothingIsSaidOfTheProcessor() throws IOException {
        Outcome outcome = ask("--json");
        assertThat(outcome.err()).isEmpty();
        assertThat(json(outcome).path("device").asText()).isEqualTo("cpu");
    }

    @Test
    void whyNoCardIsTakenIsSaidToWhoWantsToKnow() {
        Outcome outcome = ask("--device", "auto", "--verbose");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err().lines()).containsExactly("sparrow: auto: gpu: no card among 3", TOLD + "cpu");
    }

    @Test
    void aDeviceThatCannotBeHadIsRefused() {
        assertRefusedInOneLine(ask("--device", "gpu"), "sparrow: gpu: no card among 3");
        assertRefusedInOneLine(
                ask("--device", "opencl:9"), "sparrow: gpu: expected fake:0, fake:1, fake:2, got opencl:9");
        assertRefusedInOneLine(ask("--device", "fake:1"), "sparrow: gpu: Fake 1 is too small");
        assertRefusedInOneLine(ask("--device", "tpu"), "expected auto, cpu, gpu, gpu:N or an id such as opencl:0");
    }

    @Test
    void aDeviceThatIsLostEndsTheCommandAndNothingIsWritten() {
        Path out = folder.resolve("answer.wav");
        Outcome outcome = ask("--device", "fake:2", "--out", out.toString());
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err().lines())
                .containsExactly(TOLD + "Fake 2 (Host 3.0)", "sparrow: gpu: Fake 2 was lost: unplugged");
        assertThat(out).doesNotExist();
    }

    @Test
    void aDeviceKeepsKeysAndValuesInOneWay() throws IOException {
        assertRefusedInOneLine(
                ask("--model", "nowhere", "--device", "fake:0", "--set", "kv=q8"),
                "--set kv: expected f32, as devices keep keys and values, or --device cpu, got q8 with --device fake:0");
        assertThat(json(ask("--set", "kv=q8", "--json")).path("device").asText())
                .isEqualTo("cpu");
    }

    @Test
    void hiddenStatesAreTheProcessorsUnlessAskedOtherwise() throws IOException {
        Path out = folder.resolve("states.safetensors");
        Outcome outcome = run("forward", "--ids", "514 516", "--out", out.toString());
        assertThat(outcome.err()).isEmpty();
        try (Checkpoint states = Safetensors.open(out)) {
            assertThat(states.metadata()).isEmpty();
        }
        assertThat(run("forward", "--ids", "514 516", "--device", "fake:0", "--out", out.toString())
                        .code())
                .isZero();
        try (Checkpoint states = Safetensors.open(out)) {
            assertThat(states.metadata()).containsEntry("device", "Fake 0 (Host 3.0)");
        }
    }

    @Test
    void infoTellsOfTheProcessor() throws IOException {
        assertThat(json(run("info", "--json")).path("device").asText()).isEqualTo("cpu");
        assertThat(run("info").out()).contains("device      cpu");
    }
}
