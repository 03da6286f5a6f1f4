package sparrow.study.mos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.Waveform;

/** With networks whose score is the mean of the samples. */
class OnnxScorerTest {
    private static final Waveform SPEECH = new Waveform(new float[] {0.5f, 0.25f, 0, 0.25f}, 16_000);

    @TempDir
    private Path folder;

    @Test
    void scoresABatchOfOneAndGivesTheOneNumber() throws IOException {
        Path file = new TinyOnnx()
                .floatInput("wave", 1, -1)
                .mean("wave", "score", true, 0, 1)
                .floatOutput("score", 1, 1)
                .write(folder.resolve("utmosv2.onnx"));

        try (MosScorer scorer = MosScorers.open("onnx:" + file)) {
            assertThat(scorer.score(SPEECH).overall()).isCloseTo(0.25, within(1e-6));
            assertThat(scorer.score(SPEECH).parts()).isEmpty();
        }
    }

    @Test
    void scoresSamplesWithoutABatchAndANumberWithoutAxes() throws IOException {
        Path file = new TinyOnnx()
                .floatInput("wave", -1)
                .mean("wave", "score", false, 0)
                .floatOutput("score")
                .write(folder.resolve("scalar.onnx"));

        try (MosScorer scorer = MosScorers.open("onnx:" + file)) {
            assertThat(scorer.score(SPEECH).overall()).isCloseTo(0.25, within(1e-6));
        }
    }

    @Test
    void refusesAFixedNumberOfSamples() throws IOException {
        Path file = new TinyOnnx()
                .floatInput("wave", 1, 48_000)
                .mean("wave", "score", true, 1)
                .floatOutput("score", 1, 1)
                .write(folder.resolve("fixed.onnx"));

        assertRefused(file, "input wave: expected F32 [1, any], found F32 [1, 48000]");
    }

    @Test
    void refusesASecondInput() throws IOException {
        Path file = new TinyOnnx()
                .floatInput("wave", 1, -1)
                .integerInput("domain", 1)
                .mean("wave", "score", true, 1)
                .floatOutput("score", 1, 1)
                .write(folder.resolve("two.onnx"));

        assertRefused(file, "inputs: expected one, found [wave F32 [1, any], domain I64 [1]]");
    }

    @Test
    void refusesASecondOutput() throws IOException {
        Path file = new TinyOnnx()
                .floatInput("wave", 1, -1)
                .mean("wave", "a", true, 1)
                .mean("wave", "b", true, 1)
                .floatOutput("a", 1, 1)
                .floatOutput("b", 1, 1)
                .write(folder.resolve("outputs.onnx"));

        assertRefused(file, "outputs: expected one, found ");
    }

    @Test
    void refusesAFileThatIsNoNetwork() {
        Path missing = folder.resolve("missing.onnx");

        assertRefused(missing, "no such file");
    }

    private static void assertRefused(Path file, String fault) {
        assertThatThrownBy(() -> MosScorers.open("onnx:" + file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": " + fault)
                .hasMessageNotContaining("\n");
    }

    @Test
    void refusesMoreThanOneNumber() throws IOException {
        Path file = new TinyOnnx()
                .floatInput("wave", 1, -1)
                .mean("wave", "mean", true, 1)
                .thrice("mean", "scores", 1)
                .floatOutput("scores", 1, 3)
                .write(folder.resolve("three.onnx"));

        try (MosScorer scorer = MosScorers.open("onnx:" + file)) {
            assertThatThrownBy(() -> scorer.score(SPEECH))
                    .hasMessage(file + ": output: expected one F32 number, found F32 [1, 3]");
        }
    }
}
