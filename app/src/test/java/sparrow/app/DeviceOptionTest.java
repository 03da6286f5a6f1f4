package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.Commands.Outcome;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.Safetensors;

/** {@code --device}, with the devices of {@link FakeDevices}. */
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

    /** One kind of them in the first two runs, so that both are seen to ask; both kinds in the last, which asks once. */
    @Test
    void networksOfSoundAreOfferedToTheDeviceOfTheLayers() {
        String answer = folder.resolve("answer.wav").toString();
        List<String[]> runs = List.of(
                new String[] {"ask", QUESTION},
                new String[] {"ask", "--text", "hello", "--out", answer},
                new String[] {"ask", QUESTION, "--out", answer});
        for (String[] arguments : runs) {
            FakeDevices.ASKED_FOR_SOUND.clear();
            Outcome outcome = run(Stream.concat(Arrays.stream(arguments), Stream.of("--device", "fake:0"))
                    .toArray(String[]::new));

            assertThat(outcome.code()).as(outcome.err()).isZero();
            assertThat(FakeDevices.ASKED_FOR_SOUND).containsExactly("fake:0");
        }
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
        assertRefusedInOneLine(ask("--device", "fake:1"), "sparrow: gpu: Fake 1 has 0.0 GB, the model needs ");
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
                ask("--model", "nowhere", "--device", "fake:0", "--kv", "q8"),
                "--kv: expected f32, as devices keep keys and values, or --device cpu, got q8 with --device fake:0");
        assertThat(json(ask("--kv", "q8", "--json")).path("device").asText()).isEqualTo("cpu");
        assertThat(ask("--device", "auto", "--kv", "q8", "--verbose").err())
                .contains("sparrow: auto: gpu: keys and values are kept as f32 on a device, got q8");
    }

    @Test
    void hiddenStatesAreTheProcessorsUnlessAskedOtherwise() throws IOException {
        Path out = folder.resolve("states.safetensors");
        withProperty("fake:0", () -> {
            Outcome outcome = run("forward", "--ids", "514 516", "--out", out.toString());
            assertThat(outcome.err()).isEmpty();
            assertThat(ask().err()).contains("Fake 0");
        });
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
    void aPropertyThatSaysNothingOfTheKindIsRefused() {
        withProperty("tpu", () -> {
            assertRefusedInOneLine(ask(), "-Dsparrow.device: expected auto, cpu");
            assertRefusedInOneLine(run("info"), "-Dsparrow.device: expected auto, cpu");
        });
    }

    private static void withProperty(String value, Runnable test) {
        // The other tests of this JVM have it from the build.
        String before = System.setProperty(DeviceChoice.PROPERTY, value);
        try {
            test.run();
        } finally {
            if (before == null) System.clearProperty(DeviceChoice.PROPERTY);
            else System.setProperty(DeviceChoice.PROPERTY, before);
        }
    }

    @Test
    void aBenchmarkNamesTheDevice() throws IOException {
        Outcome outcome = run(
                "bench",
                "--device",
                "fake:0",
                "--warm-up",
                "0",
                "--prompt",
                "5",
                "--policies",
                "none",
                "--rounds",
                "1",
                "--tokens",
                "3",
                "--json");
        assertThat(json(outcome).path("device").asText()).isEqualTo("Fake 0 (Host 3.0)");
    }

    @Test
    void whatMeasuresThisMachineTakesNoDevice() {
        assertRefusedInOneLine(
                run("bench", "--context", "100", "--device", "gpu:1"), "--device: expected cpu with --context");
    }

    @Test
    void whatOnlyADeviceHasIsMeasuredWhereOneComputes() throws IOException {
        String[] few = {
            "bench", "--warm-up", "0", "--prompt", "5", "--policies", "even:12", "--rounds", "1", "--tokens", "3"
        };
        JsonNode figures = json(run(Stream.concat(
                                Arrays.stream(few),
                                Stream.of("--device", "fake:0", "--behind", "4", "--prefill", "8,3", "--json"))
                        .toArray(String[]::new)))
                .path("device_figures");
        // Full, early, and full with one and two pending; these devices neither count nor measure.
        assertThat(figures.path("steps")).hasSize(4).allSatisfy(step -> {
            assertThat(step.path("context").intValue()).isEqualTo(4);
            assertThat(step.has("asked")).isFalse();
        });
        assertThat(figures.path("prefill")).hasSize(2);
        assertThat(figures.has("ceiling")).isFalse();
        assertRefusedInOneLine(
                run(Stream.concat(Arrays.stream(few), Stream.of("--behind", "4"))
                        .toArray(String[]::new)),
                "--behind: expected where a device computes, by --device");
        Outcome tooLong = run(Stream.concat(Arrays.stream(few), Stream.of("--device", "fake:0", "--prefill", "100000"))
                .toArray(String[]::new));
        assertThat(tooLong.code()).isEqualTo(2);
        assertThat(tooLong.err().lines())
                .containsExactly(
                        TOLD + "Fake 0 (Host 3.0)",
                        "sparrow: --prefill: expected 1 to 1024 in the context of this model, got 100000");
    }

    @Test
    void randomWeightsWithoutAFileNeedADevice() {
        String line = "--like: expected a device, which makes the weights, such as --device gpu; sparrow synth writes";
        String[] like = {"bench", "--like", "glm-4-voice-9b", "--quant", "q4_0"};
        assertRefusedInOneLine(run(like), line);
        assertRefusedInOneLine(
                run(Stream.concat(Arrays.stream(like), Stream.of("--device", "cpu"))
                        .toArray(String[]::new)),
                line);
        assertRefusedInOneLine(
                run("bench", "--like", "glm-4-voice-9b", "--device", "fake:0"),
                "--quant: expected with --like, one of");
        assertRefusedInOneLine(run("bench", "--quant", "q8_0"), "--quant: expected with --like");
        assertRefusedInOneLine(
                run(Stream.concat(Arrays.stream(like), Stream.of("--device", "fake:0", "--layers", "41"))
                        .toArray(String[]::new)),
                "layers: expected 1 to the 40 of glm-4-voice-9b, got 41");
    }

    @Test
    void kernelsAreADevices() {
        assertRefusedInOneLine(run("bench", "--kernels"), "--kernels: expected a device to measure");
        assertRefusedInOneLine(run("bench", "--kernels", "--device", "fake:0"), "--kernels: nobody can measure fake:0");
        assertRefusedInOneLine(
                run("bench", "--kernels", "--device", "fake:0", "--tokens", "3"),
                "--tokens: expected without --kernels");
    }

    @Test
    void infoTellsOfTheProcessor() throws IOException {
        assertThat(json(run("info", "--json")).path("device").asText()).isEqualTo("cpu");
        assertThat(run("info").out()).contains("device      cpu");
    }
}
