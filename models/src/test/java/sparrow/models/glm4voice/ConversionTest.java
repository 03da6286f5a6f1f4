package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Sequence;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TurnPosition;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.GgufLanguageModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.models.weights.AtomicFolder;
import sparrow.tensor.DType;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A converted folder is the same model, whole, in other numbers; a failed conversion leaves nothing. */
class ConversionTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final Path GOLDEN = TESTDATA.resolve("glm-4-voice");
    private static final Path TINY = TESTDATA.resolve("../bundled/src/main/resources/META-INF/sparrow/tiny");
    private static final ComputePool POOL = new ComputePool(1);
    private static final Kernels KERNELS = Kernels.create(POOL);

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        POOL.close();
    }

    @Test
    void bfloatWeightsGoThroughUnchanged() throws IOException {
        Path out = folder.resolve("bf16");

        List<TensorDescription> kept = convert(GOLDEN, Quantisation.BF16, out);

        assertThat(kept).isEmpty();
        try (SpokenModel before = open(GOLDEN);
                SpokenModel after = open(out)) {
            assertThat(after.weightFormat()).isEqualTo("GGUF, bf16");
            assertThat(logits(after.languageModel(), 4)).isEqualTo(logits(before.languageModel(), 4));
        }
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource
    void theBundledModelIsWholeInEveryType(Quantisation quantisation) throws IOException {
        Path out = folder.resolve("new/tiny");

        convert(TINY, quantisation, out);

        try (SpokenModel before = open(TINY);
                SpokenModel after = open(out)) {
            assertThat(after.name()).isEqualTo("sparrow-tiny");
            assertThat(after.weightFormat()).isEqualTo("GGUF, " + quantisation.label());
            assertThat(after.defaultPlan()).isEqualTo(before.defaultPlan());
            assertThat(after.languageModel().tokens())
                    .isEqualTo(before.languageModel().tokens());
            assertThat(after.languageModel().heads().layers()).containsExactly(6, 8, 10, 12, 14);
            assertThat(ModelFingerprint.of(after.languageModel().transformer()))
                    .isEqualTo(ModelFingerprint.of(before.languageModel().transformer()));
            Question question = new Question.Codes(new int[] {1, 2, 3});
            assertThat(after.prompt(question, TurnPosition.FIRST).tokens())
                    .isEqualTo(before.prompt(question, TurnPosition.FIRST).tokens());
            assertThat(after.synthesizer()).isNotNull();
            for (int layer : List.of(6, 16)) {
                assertThat(distance(after.languageModel(), before.languageModel(), layer))
                        .isLessThan(quantisation == Quantisation.Q4_0 ? 0.3 : 0.03);
            }
        }
        assertThat(files(out)).isEqualTo(expectedFiles());
        assertThat(files(folder.resolve("new"))).allMatch(file -> file.startsWith("tiny/"));
    }

    @Test
    void theFileAloneSaysWhatIdsAreAndWhatTheLibraryNeeds() throws IOException {
        Path out = folder.resolve("tiny");
        convert(TINY, Quantisation.Q8_0, out);

        try (Gguf gguf = Gguf.open(out.resolve("lm/model.gguf"));
                SpokenModel folderModel = open(out);
                GgufLanguageModel fileModel = GgufLanguageModel.open(
                        out.resolve("lm/model.gguf"), Optional.empty(), Optional.empty(), KERNELS)) {
            assertThat(gguf.values().text("general.architecture")).isEqualTo("chatglm");
            assertThat(gguf.values().positive("general.file_type")).isEqualTo(7);
            assertThat(gguf.tensor("blk.15.attn_qkv.weight").dtype()).isEqualTo(DType.Q8_0);
            assertThat(gguf.tensor("blk.15.attn_qkv.bias").dtype()).isEqualTo(DType.F32);
            assertThat(gguf.values().texts("tokenizer.ggml.tokens"))
                    .hasSize(1056)
                    .contains("<|user|>", "Ġ", "[PAD1055]");
            assertThat(gguf.values().integers("tokenizer.ggml.token_type")).hasSize(1056);
            assertThat(gguf.values().texts("tokenizer.ggml.merges"))
                    .isNotEmpty()
                    .allMatch(m -> m.split(" ").length == 2);
            LanguageModel alone = fileModel.languageModel().orElseThrow();
            assertThat(alone.tokens()).isEqualTo(folderModel.languageModel().tokens());
            assertThat(alone.interleave()).isEqualTo(folderModel.languageModel().interleave());
        }
    }

    @Test
    void rowsThatAreNoWholeBlocksAreKeptInHalfPrecision() throws IOException {
        List<TensorDescription> kept = convert(GOLDEN, Quantisation.Q8_0, folder.resolve("q8"));

        assertThat(kept)
                .extracting(TensorDescription::name)
                .containsExactly(
                        "blk.0.ffn_down.weight",
                        "blk.1.ffn_down.weight",
                        "blk.2.ffn_down.weight",
                        "blk.3.ffn_down.weight");
        try (SpokenModel model = open(folder.resolve("q8"))) {
            assertThat(model.weightFormat()).isEqualTo("GGUF, q8_0 and f16");
        }
    }

    @Test
    void sizesThatContradictTheConfigurationAreRefused() throws IOException {
        Path out = folder.resolve("bf16");
        convert(GOLDEN, Quantisation.BF16, out);
        Path config = out.resolve("lm/config.json");
        Files.writeString(config, Files.readString(config).replace("\"seq_length\": 2048", "\"seq_length\": 4096"));

        assertThatThrownBy(() -> open(out).close())
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("model.gguf: metadata: expected the sizes of config.json");
    }

    @Test
    void folderInUseIsRefusedAndLeft() throws IOException {
        Path out = Files.createDirectory(folder.resolve("used"));
        Files.writeString(out.resolve("mine.txt"), "mine");

        assertThatThrownBy(() -> convert(GOLDEN, Quantisation.Q8_0, out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(out + ": expected a new or empty folder, found one with files");
        assertThat(files(folder)).containsExactly("used/mine.txt");
    }

    @Test
    void anEmptyFolderIsFilled() throws IOException {
        Path out = Files.createDirectory(folder.resolve("empty"));

        convert(GOLDEN, Quantisation.F16, out);

        assertThat(out.resolve("lm/model.gguf")).exists();
    }

    @Test
    void aConvertedModelIsNotConvertedAgain() throws IOException {
        Path once = folder.resolve("once");
        convert(GOLDEN, Quantisation.Q8_0, once);

        assertThatThrownBy(() -> convert(once, Quantisation.Q4_0, folder.resolve("twice")))
                .isInstanceOf(BadFileException.class)
                .hasMessage(once.resolve("lm/model.gguf") + ": is already GGUF: convert the original");
        assertThat(files(folder)).allMatch(file -> file.startsWith("once/"));
    }

    @Test
    void aBrokenCheckpointLeavesNothing() throws IOException {
        Path source = folder.resolve("source");
        try (AtomicFolder copy = AtomicFolder.begin(source)) {
            copy.copy(GOLDEN, "", file -> !file.startsWith("expected"));
            copy.finish();
        }
        Path shard = source.resolve("lm/model-00002-of-00002.safetensors");
        byte[] bytes = Files.readAllBytes(shard);
        // The last element of the file becomes a bf16 NaN.
        bytes[bytes.length - 1] = 0x7f;
        bytes[bytes.length - 2] = (byte) 0xc0;
        Files.write(shard, bytes);

        assertThatThrownBy(() -> convert(source, Quantisation.Q8_0, folder.resolve("out")))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("expected numbers that")
                .hasMessageContaining("found NaN");
        assertThat(files(folder)).allMatch(file -> file.startsWith("source/"));
    }

    @Test
    void aFolderInsideOfWhatIsCopiedIsRefused() throws IOException {
        Path source = folder.resolve("source");
        try (AtomicFolder copy = AtomicFolder.begin(source)) {
            copy.copy(GOLDEN, "", file -> !file.startsWith("expected"));
            copy.finish();
        }
        Set<String> before = files(source);

        assertThatThrownBy(() -> convert(source, Quantisation.Q8_0, source.resolve("speech_tokenizer/q8")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a folder outside ");
        assertThat(files(source)).isEqualTo(before);
    }

    private static List<TensorDescription> convert(Path from, Quantisation quantisation, Path to) throws IOException {
        return Glm4VoiceConversion.convert(
                from, Optional.empty(), Quantisations.of(quantisation), to, ConversionListener.NONE);
    }

    private static SpokenModel open(Path folder) throws IOException {
        return SpokenModels.open(folder, OpenOptions.NONE, KERNELS);
    }

    /** Logits of a layer's head after a fixed prompt. */
    private static float[] logits(LanguageModel model, int layer) {
        Sequence sequence = new Sequence(model.transformer());
        for (int id : new int[] {7, 300, 42, 65, 430}) sequence.append(id);
        model.transformer().forward(sequence.pendingBelow(layer), layer);
        return model.heads()
                .at(layer)
                .logits(model.transformer().newHeadKernel(), List.of(sequence.newest()))
                .getFirst()
                .values();
    }

    /** Relative distance of two models' logits. */
    private static double distance(LanguageModel a, LanguageModel b, int layer) {
        float[] x = logits(a, layer);
        float[] y = logits(b, layer);
        double difference = 0;
        double size = 0;
        for (int i = 0; i < x.length; i++) {
            difference += Math.pow(x[i] - y[i], 2);
            size += Math.pow(y[i], 2);
        }
        return Math.sqrt(difference / size);
    }

    private static Set<String> expectedFiles() throws IOException {
        Set<String> files = files(TINY);
        files.removeAll(
                Set.of("README.md", "lm/model.safetensors", "heads/heads.safetensors", "heads/step-head.safetensors"));
        files.addAll(Set.of("lm/model.gguf", "heads/heads.gguf", "heads/step-head.gguf"));
        return files;
    }

    private static Set<String> files(Path folder) throws IOException {
        Set<String> names = new HashSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> names.add(folder.relativize(file).toString()));
        }
        return names;
    }
}
