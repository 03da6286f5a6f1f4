package sparrow.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.onnx.OnnxPort.ANY;
import static sparrow.onnx.Surrogates.STEP;
import static sparrow.onnx.Surrogates.TOKEN2WAV;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

class OnnxModelTest {
    private static final Path SPEAKER = TOKEN2WAV.resolve("campplus.onnx");
    private static final Path TOKENIZER = TOKEN2WAV.resolve("speech_tokenizer_v2_25hz.onnx");

    @TempDir
    private Path folder;

    @Test
    void saysWhatGoesInAndOut() {
        try (OnnxModel model = OnnxModel.open(TOKENIZER)) {
            assertThat(model.inputs())
                    .containsExactly(
                            new OnnxPort("feats", DType.F32, List.of(1, 128, ANY)),
                            new OnnxPort("feats_length", DType.I32, List.of(1)));
            assertThat(model.outputs()).containsExactly(new OnnxPort("indices", DType.I32, List.of(1, ANY)));
            assertThat(model.inputs().getFirst()).hasToString("feats F32 [1, 128, any]");
        }
    }

    @Test
    void nothingIsLeftInTheTemporaryFolder() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opened.class.getName(),
                        SPEAKER.toString())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    /** It ends a JVM by a signal if it has too little stack for a class path as applications have. */
    @Test
    void aLongCommandLineIsNoHarm() throws IOException, InterruptedException {
        String classPath = System.getProperty("java.class.path") + File.pathSeparator + "a".repeat(100_000);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        classPath,
                        Opened.class.getName(),
                        SPEAKER.toString())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).endsWith("speaker is open");
    }

    /** A program that opens a network. */
    static final class Opened {
        private Opened() {}

        public static void main(String[] args) {
            try (OnnxModel model = OnnxModel.open(Path.of(args[0]))) {
                System.out.print(model.inputs().isEmpty() ? "no inputs" : "speaker is open");
            }
        }
    }

    @Test
    void takesAndGivesTensorsByName() throws IOException {
        try (Checkpoint golden = Safetensors.open(STEP.resolve("cases/prompt_dsp.safetensors"));
                OnnxModel model = OnnxModel.open(TOKENIZER)) {
            Map<String, Tensor> inputs = Map.of(
                    "feats_length", Tensor.of(new int[] {300}, 1),
                    "feats", Tensor.of(golden.floats("speech16k.s3_logmel", 128, 300), 1, 128, 300));

            SequencedMap<String, Tensor> outputs = model.run(inputs);

            assertThat(outputs).containsOnlyKeys("indices");
            assertThat(outputs.get("indices").shape()).containsExactly(1, 75);
            assertThat(outputs.get("indices").toInts())
                    .containsExactly(golden.tensor("speech16k.prompt_tokens").toInts());
        }
    }

    @Test
    void checksTheOnlyInputAndTellsItsName() {
        try (OnnxModel speaker = OnnxModel.open(SPEAKER);
                OnnxModel tokenizer = OnnxModel.open(TOKENIZER)) {
            assertThat(speaker.onlyInput(DType.F32, 1, ANY, 80)).isEqualTo("input");
            assertThatThrownBy(() -> speaker.onlyInput(DType.F32, 1, ANY))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(SPEAKER + ": input input: expected F32 [1, any], found "
                            + speaker.inputs().getFirst().form());
            assertThatThrownBy(() -> speaker.onlyInput(DType.I32, 1, ANY, 80))
                    .hasMessageStartingWith(SPEAKER + ": input input: expected I32 [1, any, 80], found F32");
            assertThatThrownBy(() -> tokenizer.onlyInput(DType.F32, 1, ANY))
                    .hasMessage(TOKENIZER
                            + ": inputs: expected one, found [feats F32 [1, 128, any], feats_length I32 [1]]");
        }
    }

    @Test
    void aSizeThatTheFileFixesDoesNotVary() {
        OnnxPort fixed = new OnnxPort("x", DType.F32, List.of(1, 128));
        OnnxPort free = new OnnxPort("x", DType.F32, List.of(1, ANY));
        OnnxPort unsaid = new OnnxPort("x", DType.F32, List.of());

        assertThat(fixed.accepts(fixed)).isTrue();
        assertThat(free.accepts(fixed)).isTrue();
        assertThat(unsaid.accepts(free)).isTrue();
        assertThat(fixed.accepts(free)).isFalse();
        assertThat(fixed.accepts(unsaid)).isFalse();
    }

    @Test
    void refusesTensorsThatDoNotFitInOneLine() {
        try (OnnxModel model = OnnxModel.open(SPEAKER)) {
            Tensor narrow = Tensor.of(new float[30], 1, 10, 3);

            assertThatThrownBy(() -> model.run(Map.of("input", narrow)))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageStartingWith(SPEAKER + ": run: ")
                    .hasMessageNotContaining("\n");
            assertThatThrownBy(() -> model.run(Map.of("output", narrow)))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("output");
            assertThatThrownBy(() -> model.run(Map.of())).isInstanceOf(BadFileException.class);
        }
    }

    @Test
    void refusesWhatIsNoModelInOneLine() throws IOException {
        byte[] whole = Files.readAllBytes(SPEAKER);
        Path missing = folder.resolve("none.onnx");
        Path text = Files.writeString(folder.resolve("text.onnx"), "<html>not found</html>\n");
        Path empty = Files.write(folder.resolve("empty.onnx"), new byte[0]);
        Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> OnnxModel.open(missing))
                .isInstanceOf(BadFileException.class)
                .hasMessage(missing + ": no such file");
        assertThatThrownBy(() -> OnnxModel.open(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder + ": expected a file, found a folder");
        for (Path file : List.of(text, empty, cut)) {
            assertThatThrownBy(() -> OnnxModel.open(file))
                    .as(file.toString())
                    .isInstanceOf(BadFileException.class)
                    .hasMessageStartingWith(file + ": expected an ONNX model: ")
                    .hasMessageNotContaining("\n");
        }
    }
}
