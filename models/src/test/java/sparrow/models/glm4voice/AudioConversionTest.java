package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.models.convert.AudioConversion;
import sparrow.models.gguf.AudioQuantisation;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.weights.WeightFiles;
import sparrow.speech.layers.FoldedCheckpoint;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** Audio parts in GGUF: which matrices are of fewer bits there, and how far their numbers are from the original ones. */
class AudioConversionTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final Path GOLDEN = TESTDATA.resolve("glm-4-voice");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F32")
    void numbersAreRoundedToTheNearest(AudioQuantisation audio) throws IOException {
        conversion(audio).speechDecoder(GOLDEN.resolve("decoder"), folder);
        try (Checkpoint tokenizer = SafetensorsFolder.open(GOLDEN.resolve("speech_tokenizer"))) {
            conversion(audio).write(tokenizer, name -> true, folder.resolve("tokenizer.gguf"));
            check(tokenizer, folder.resolve("tokenizer.gguf"), audio);
        }
        for (String part : List.of("flow", "hift")) {
            try (Checkpoint original = WeightFiles.speechDecoder(GOLDEN.resolve("decoder"), part)) {
                check(new FoldedCheckpoint(original), folder.resolve(part + ".gguf"), audio);
            }
        }
    }

    private static void check(Checkpoint original, Path converted, AudioQuantisation audio) throws IOException {
        DType type = audio.matrices().orElseThrow().dtype();
        int narrow = 0;
        try (Gguf gguf = Gguf.open(converted)) {
            for (String name : original.names()) {
                if (original.tensor(name).shape().isEmpty()) continue;
                Tensor tensor = gguf.tensor(name);
                assertThat(tensor.shape())
                        .as(name)
                        .isEqualTo(original.tensor(name).shape());
                if (!tensor.dtype().isFloating()) continue;
                float[] expected = original.tensor(name).toFloats();
                float[] actual = tensor.toFloats();
                if (tensor.dtype() != DType.F32) {
                    assertThat(tensor.dtype()).as(name).isIn(type, audio == AudioQuantisation.Q8_0 ? DType.F16 : type);
                    narrow++;
                }
                for (int i = 0; i < expected.length; i++) {
                    double bound = bound(expected, i, tensor.dtype());
                    if (!(Math.abs((double) actual[i] - expected[i]) <= bound)) {
                        assertThat(actual[i]).as(name + " as " + tensor.dtype()).isEqualTo(expected[i]);
                    }
                }
            }
        }
        assertThat(narrow).as("matrices of fewer bits").isPositive();
    }

    /**
     * Half of the last bit: 11 bits of f16 from its least normal number on, 8 of bf16. A number of q8_0 is a step of its block
     * away at most by half a step, and a step, the 127th part of the largest number, is itself rounded to f16.
     */
    private static double bound(float[] values, int i, DType type) {
        double size = Math.abs(values[i]);
        return switch (type) {
            case F16 -> Math.max(size * 0x1p-11, 0x1p-25);
            case BF16 -> size * 0x1p-8;
            case Q8_0 -> {
                double largest = 0;
                for (int k = i / 32 * 32; k < i / 32 * 32 + 32; k++) largest = Math.max(largest, Math.abs(values[k]));
                yield largest / 254 * (1 + 0x1p-20) + Math.max(largest * 0x1p-11, 127 * 0x1p-25);
            }
            default -> 0;
        };
    }

    @Test
    void tablesSmallMatricesAndThePitchStayAsTheyAre() throws IOException {
        conversion(AudioQuantisation.F16).speechDecoder(GOLDEN.resolve("decoder"), folder);
        try (Checkpoint tokenizer = SafetensorsFolder.open(GOLDEN.resolve("speech_tokenizer"))) {
            conversion(AudioQuantisation.F16).write(tokenizer, name -> true, folder.resolve("tokenizer.gguf"));
        }
        try (Gguf tokenizer = Gguf.open(folder.resolve("tokenizer.gguf"));
                Gguf flow = Gguf.open(folder.resolve("flow.gguf"));
                Gguf hift = Gguf.open(folder.resolve("hift.gguf"))) {
            for (String table : List.of("codebook", "embed_positions"))
                assertThat(tokenizer.tensor(table + ".weight").dtype()).isEqualTo(DType.F32);
            assertThat(tokenizer.tensor("layers.0.fc1.weight").dtype()).isEqualTo(DType.F16);
            assertThat(tokenizer.tensor("conv1.weight").dtype()).isEqualTo(DType.F16);
            assertThat(flow.tensor("input_embedding.weight").dtype()).isEqualTo(DType.F32);
            assertThat(hift.names()).noneMatch(name -> name.endsWith("_g") || name.endsWith("_v"));
            for (String part : List.of("f0_predictor.condnet.2", "m_source.l_linear", "conv_post"))
                assertThat(hift.tensor(part + ".weight").dtype()).as(part).isEqualTo(DType.F32);
        }
    }

    @Test
    void whatIsGgufAlreadyIsNotConvertedAgain() throws IOException {
        conversion(AudioQuantisation.F16).speechDecoder(GOLDEN.resolve("decoder"), folder);

        assertThatThrownBy(() -> conversion(AudioQuantisation.Q8_0).speechDecoder(folder, folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve("flow.gguf") + ": is already GGUF: convert the original");
    }

    @Test
    void aNumberThatTheTypeCannotHoldIsRefusedAndLeavesNoFile() throws IOException {
        float[] values = new float[32 * 32];
        values[5] = 1e5f;
        Path source = folder.resolve("source.safetensors");
        SafetensorsWriter.write(source, Map.of("a.weight", Tensor.of(values, 32, 32)), Map.of());
        Path out = folder.resolve("out.gguf");

        try (Checkpoint checkpoint = Safetensors.open(source)) {
            assertThatThrownBy(() -> conversion(AudioQuantisation.F16).write(checkpoint, name -> true, out))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("tensor a.weight: expected numbers that F16 can hold, found 100000.0");
            assertThat(Files.exists(out)).isFalse();
            conversion(AudioQuantisation.BF16).write(checkpoint, name -> true, out);
        }
        assertThat(out).exists();
    }

    @Test
    void thereAreNoFewerBitsThanAsItIs() {
        assertThatThrownBy(() -> conversion(AudioQuantisation.F32))
                .hasMessage("audio quantisation: expected fewer bits, got f32");
        assertThatThrownBy(() -> AudioQuantisation.of("q4_0"))
                .hasMessage("audio quantisation: expected f32, f16, bf16, q8_0, got q4_0");
    }

    private static AudioConversion conversion(AudioQuantisation audio) {
        return new AudioConversion(audio, ConversionListener.NONE);
    }
}
