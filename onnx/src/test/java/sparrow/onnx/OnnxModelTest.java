package sparrow.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static sparrow.onnx.OnnxPort.ANY;
import static sparrow.onnx.Surrogates.STEP;
import static sparrow.onnx.Surrogates.TOKEN2WAV;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Tensor;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.Safetensors;

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
    void computesWhatTheReferenceDid() throws IOException {
        try (Checkpoint golden = Safetensors.open(STEP.resolve("cases/prompt_dsp.safetensors"));
                OnnxModel model = OnnxModel.open(SPEAKER)) {
            float[] features = golden.floats("speech16k.kaldi_fbank80_minus_mean", 298, 80);

            Tensor vector =
                    model.run(Map.of("input", Tensor.of(features, 1, 298, 80))).get("output");

            assertThat(vector.shape()).containsExactly(1, 24);
            // Sums of 298 and 80 terms in f32, of magnitude 10: a few 1e-6.
            assertThat(vector.toFloats()).containsExactly(golden.floats("speech16k.spk_emb", 1, 24), within(1e-5f));
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

        assertThat(fixed.takes(fixed)).isTrue();
        assertThat(free.takes(fixed)).isTrue();
        assertThat(unsaid.takes(free)).isTrue();
        assertThat(fixed.takes(free)).isFalse();
        assertThat(fixed.takes(unsaid)).isFalse();
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
