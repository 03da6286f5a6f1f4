package sparrow.app.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.Commands.Outcome;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.tensor.Tensor;

/** {@code sparrow forward}: hidden states of ids, of embeddings, and of a GGUF file. */
class ForwardCommandTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));

    @TempDir
    private Path folder;

    @Test
    void forwardTakesAGgufFile() throws IOException {
        Path q8 = folder.resolve("bf16");
        run("convert", TESTDATA.resolve("glm-4-voice").toString(), "--quant", "bf16", "--out", q8.toString());
        Path ofFile = folder.resolve("file.safetensors");
        Path ofFolder = folder.resolve("folder.safetensors");

        Outcome outcome = run(
                "forward",
                "--model",
                q8.resolve("lm/model.gguf").toString(),
                "--ids",
                "5,6",
                "--out",
                ofFile.toString());
        run("forward", q8.toString(), "--ids", "5,6", "--out", ofFolder.toString());

        assertThat(outcome.code()).isZero();
        assertThat(ofFile).hasSameBinaryContentAs(ofFolder);
        Path alone = Files.createDirectory(folder.resolve("alone")); // as synth writes it
        Files.copy(q8.resolve("lm/model.gguf"), alone.resolve("model.gguf"));
        assertThat(run("forward", alone.toString(), "--ids", "5,6", "--out", ofFolder.toString())
                        .code())
                .isZero();
        assertThat(ofFolder).hasSameBinaryContentAs(ofFile);
    }

    @Tag("full")
    @Test
    void aQuestionGoesThroughEveryStageAsInTheOfficialCode() throws IOException {
        Path data = TESTDATA.resolve("lfm2-audio");
        Path out = folder.resolve("stages.safetensors");

        Outcome outcome = run(
                "forward",
                data.resolve("a").toString(),
                "--wav",
                data.resolve("wav/a_speech16k.wav").toString(),
                "--units",
                "20",
                "--out",
                out.toString());

        assertThat(outcome.code()).isZero();
        try (Safetensors stages = Safetensors.open(out);
                Safetensors mel = Safetensors.open(data.resolve("expected/a/mel.safetensors"));
                Safetensors states = Safetensors.open(data.resolve("expected/a/lm.safetensors"))) {
            float[] bins = mel.tensor("a_speech16k.mel").toFloats();
            float[] frames = stages.tensor("mel", 163, 128).toFloats();
            for (int i = 0; i < frames.length; i++) {
                assertThat(frames[i]).isCloseTo(bins[i % 128 * 163 + i / 128], within(2e-3f));
            }
            assertThat(stages.tensor("heard").shape()).containsExactly(21, 64);
            assertThat(stages.tensor("prompt").shape()).containsExactly(69, 1);
            assertClose(stages, "hidden.embedding", states.tensor("embeds"), 5e-5f);
            assertClose(stages, "logits", states.tensor("text_logits"), 5e-4f);
            int heard = 0;
            float[] units = stages.tensor("greedy", 20, 8).toFloats();
            for (int unit = 0; unit < 20; unit++) if (units[8 * unit + 1] >= 0 && units[8 * unit] < 2048) heard++;
            assertThat(heard).isPositive();
            assertThat(stages.tensor("samples").shape()).containsExactly(1920 * heard, 1);
        }
    }

    private static void assertClose(Safetensors stages, String name, Tensor expected, float tolerance) {
        assertThat(stages.tensor(name).toFloats()).containsExactly(expected.toFloats(), offset(tolerance));
    }

    @Test
    void unitsBelongToARecording() {
        String out = folder.resolve("states.safetensors").toString();

        assertRefusedInOneLine(
                run("forward", "--ids", "1", "--units", "5", "--out", out), "--units: expected with --wav");
        assertRefusedInOneLine(
                run("forward", "--wav", "q.wav", "--units", "0", "--out", out), "--units: expected 1 or more, got 0");
    }

    @Test
    void moreIdsThanTheContextHoldsAreRefused() {
        String ids = "5 ".repeat(5000);

        Outcome outcome =
                run("forward", "--ids", ids, "--out", folder.resolve("a").toString());

        assertRefusedInOneLine(outcome, "input: expected at most ");
        assertThat(outcome.err()).contains("got 5000");
    }

    @Test
    void forwardWritesTheGoldenStates() throws IOException {
        Path golden = TESTDATA.resolve("glm-4-voice/expected/lm.safetensors");
        Path out = folder.resolve("states.safetensors");

        Outcome outcome = run(
                "forward",
                TESTDATA.resolve("glm-4-voice/lm").toString(),
                "--inputs",
                golden.toString(),
                "--out",
                out.toString());

        assertThat(outcome.code()).isZero();
        try (Safetensors expected = Safetensors.open(golden);
                Safetensors actual = Safetensors.open(out)) {
            for (String name :
                    new String[] {"hidden.embedding", "hidden.layer_0", "hidden.layer_3", "final_norm", "logits"}) {
                Tensor tensor = actual.tensor(name);
                assertThat(tensor.shape()).isEqualTo(expected.tensor(name).shape());
                float[] values = tensor.toFloats();
                float[] wanted = expected.tensor(name).toFloats();
                // The tolerance of the golden data for hidden states and logits.
                for (int i = 0; i < wanted.length; i++) {
                    assertThat(Math.abs(values[i] - wanted[i])).as(name).isLessThan(2e-3f);
                }
            }
        }
    }

    @Test
    void forwardOfEmbeddingsIsForwardOfTheirIds() throws IOException {
        Path first = folder.resolve("first.safetensors");
        Path second = folder.resolve("second.safetensors");
        run("forward", "--ids", "514 516 518", "--out", first.toString());
        Path embeds = folder.resolve("embeds.safetensors");
        try (Safetensors states = Safetensors.open(first)) {
            Tensor embedding = states.tensor("hidden.embedding");
            SafetensorsWriter.write(embeds, Map.of("embeds", embedding), Map.of());
        }

        Outcome outcome = run("forward", "--inputs", embeds.toString(), "--out", second.toString());

        assertThat(outcome.code()).isZero();
        assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));
    }
}
