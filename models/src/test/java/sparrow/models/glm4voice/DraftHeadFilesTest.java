package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.head.DraftHead;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A draft head is found beside the exit heads, by its name, and travels along into a converted folder. */
class DraftHeadFilesTest {
    private static final Path TINY = Path.of(System.getProperty("sparrow.testdata"))
            .resolve("../bundled/src/main/resources/META-INF/sparrow/tiny");
    private static final int WIDTH = 192;
    private static final ComputePool POOL = new ComputePool(1);
    private static final Kernels KERNELS = Kernels.create(POOL);

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(5);

    @AfterAll
    static void close() {
        POOL.close();
    }

    @BeforeEach
    void write() throws IOException {
        String fingerprint;
        try (SpokenModel model = SpokenModels.open(TINY, OpenOptions.NONE, KERNELS)) {
            fingerprint =
                    ModelFingerprint.of(model.languageModel().transformer()).toString();
        }
        SafetensorsWriter.write(
                folder.resolve("step-head.safetensors"),
                Map.of(
                        "step.A.weight", numbers(WIDTH, 2 * WIDTH),
                        "step.A.bias", numbers(WIDTH),
                        "step.B.weight", numbers(WIDTH, WIDTH)),
                Map.of("trained_steps", "3", "model_fingerprint", fingerprint));
    }

    @Test
    void folderMayHoldOneKindOrBoth() throws IOException {
        try (SpokenModel model = open(folder)) {
            assertThat(model.files().heads()).isEmpty();
            assertThat(model.files().draftHead()).contains(folder.resolve("step-head.safetensors"));
            assertThat(model.languageModel().heads().layers()).isEmpty();
            assertThat(step(model).trainedSteps()).isEqualTo(3);
        }
        Files.copy(TINY.resolve("heads/heads.safetensors"), folder.resolve("heads.safetensors"));
        try (SpokenModel model = open(folder)) {
            assertThat(model.languageModel().heads().layers()).contains(12);
            assertThat(step(model).trainedSteps()).isEqualTo(3);
        }
    }

    @Test
    void fileTellsItsKindByItsName() throws IOException {
        try (SpokenModel model = open(folder.resolve("step-head.safetensors"))) {
            assertThat(model.languageModel().heads().layers()).isEmpty();
            assertThat(step(model).trainedSteps()).isEqualTo(3);
        }
        try (SpokenModel model = open(TINY.resolve("heads/heads.safetensors"))) {
            assertThat(model.languageModel().heads().draft()).isEmpty();
        }
        Path other = Files.copy(folder.resolve("step-head.safetensors"), folder.resolve("other.safetensors"));
        assertThatThrownBy(() -> open(other))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(other + ": ");
    }

    @Test
    void folderWithNeitherIsRefused() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThatThrownBy(() -> open(empty))
                .isInstanceOf(BadFileException.class)
                .hasMessage(empty + ": expected heads.gguf or heads.safetensors, or step-head.gguf or"
                        + " step-head.safetensors, or frame-heads.gguf or frame-heads.safetensors, found none of them");
    }

    @Test
    void headsOfFramesAloneAreRefused() throws IOException {
        Path frames = Files.createFile(folder.resolve("frame-heads.safetensors"));

        assertThatThrownBy(() -> open(frames))
                .isInstanceOf(BadFileException.class)
                .hasMessage(frames + ": expected token heads, found only frame heads");
    }

    @Test
    void convertedHeadIsTheSameHead() throws IOException {
        Path out = folder.resolve("q8");

        SpokenModels.convert(
                TINY, Optional.of(folder), Quantisations.of(Quantisation.Q8_0), out, ConversionListener.NONE);

        try (SpokenModel before = open(folder);
                SpokenModel after = SpokenModels.open(out, OpenOptions.NONE, KERNELS)) {
            assertThat(after.files().draftHead()).contains(out.resolve("heads/step-head.gguf"));
            assertThat(step(after).trainedSteps()).isEqualTo(3);
            assertThat(step(after).bytes()).isLessThan(step(before).bytes());
            float[] state = numbers(WIDTH).toFloats();
            float[] embedding = before.languageModel().transformer().embed(600);
            float[] exact = step(before)
                    .next(KERNELS, List.of(state), List.of(embedding))
                    .getFirst();
            float[] rounded = step(after)
                    .next(KERNELS, List.of(state), List.of(embedding))
                    .getFirst();
            double difference = 0;
            double size = 0;
            for (int c = 0; c < WIDTH; c++) {
                difference += Math.pow(exact[c] - rounded[c], 2);
                size += Math.pow(exact[c], 2);
            }
            assertThat(Math.sqrt(difference / size)).isLessThan(0.02);
        }
    }

    private static DraftHead step(SpokenModel model) {
        return model.languageModel().heads().draft().orElseThrow();
    }

    private static SpokenModel open(Path heads) throws IOException {
        return SpokenModels.open(TINY, new OpenOptions(Optional.of(heads), Optional.empty()), KERNELS);
    }

    private Tensor numbers(int... shape) {
        int n = 1;
        for (int size : shape) n *= size;
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (random.nextGaussian() / Math.sqrt(shape[shape.length - 1]));
        return Tensor.of(values, shape);
    }
}
