package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.formats.BadFileException;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.MissingTensorException;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.frame.GoldenUnits;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** The maker's four GGUF files, made of a golden checkpoint, are the model that they were made of. */
@Tag("full")
class VendorGgufTest {
    private static final int UNITS = 30;

    @TempDir
    private Path folder;

    static List<String> sets() {
        return LfmGolden.names();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void inF32TheyAnswerAsTheOriginal(String set) throws IOException {
        new VendorFiles(set, DType.F32, folder).write("tiny-F32");
        Question typed = new Question.Typed("Tell me more.");
        Question heard = new Question.Spoken(WavFile.read(LfmGolden.FOLDER.resolve("wav/b_second24k.wav")));
        try (SpokenModel original = open(set, LfmGolden.FOLDER.resolve(set));
                SpokenModel vendor = open(set, folder)) {
            Answer expected = ask(original, typed);

            Answer answer = ask(vendor, typed);

            assertThat(vendor.weightFormat()).startsWith("GGUF, f32");
            assertThat(answer.reply().units()).isEqualTo(expected.reply().units());
            assertThat(answer.speech().samples()).isEqualTo(expected.speech().samples());
            // The batch norms of the ear are folded, in another rounding.
            assertThat(ask(vendor, heard).reply().units())
                    .isEqualTo(ask(original, heard).reply().units());
        }
    }

    /** The weights are bf16: f16 loses those alone that are too small for it; the others are tiny nets, in which rounding adds up. */
    @ParameterizedTest
    @CsvSource({"F16, 0, 1e-5", "Q8_0, 1e-3, 0.15", "Q4_0, 1e-2, 1.2"})
    void inFewerBitsTheyHearAndSpeakAsFarOffAsTheirTypeRounds(DType matrices, double least, double most)
            throws IOException {
        Waveform recording = WavFile.read(LfmGolden.FOLDER.resolve("wav/b_second24k.wav"));
        for (String set : sets()) {
            new VendorFiles(set, matrices, folder).write("tiny");
            try (SpokenModel original = open(set, LfmGolden.FOLDER.resolve(set));
                    SpokenModel vendor = open(set, folder)) {
                SoundDistance distance = SoundDistance.of(vendor, original, recording);

                assertThat(distance.heard()).isBetween(least, most);
                assertThat(distance.spoken()).isBetween(least, most);
                assertThat(ask(vendor, new Question.Spoken(recording)).reply().units())
                        .hasSizeBetween(1, UNITS);
            }
        }
    }

    /** Only set a takes pieces that are tokens whole, as these files always do. */
    @Test
    void theTokenizerIsThatOfTheOriginal() throws IOException {
        LfmGolden golden = LfmGolden.of("a");
        new VendorFiles("a", DType.F32, folder).write("tiny");
        try (Gguf gguf = Gguf.open(folder.resolve("tiny.gguf"))) {
            Tokenizer tokenizer = Tokenizer.of(gguf);

            JsonNode cases = golden.json("tokenizer");
            for (JsonNode one : cases.path("encode")) {
                assertThat(tokenizer.encode(one.path("text").textValue())).isEqualTo(GoldenUnits.ints(one.path("ids")));
            }
            for (JsonNode one : cases.path("decode")) {
                assertThat(tokenizer.decode(GoldenUnits.ints(one.path("ids"))))
                        .isEqualTo(one.path("text").textValue());
            }
        }
    }

    @Test
    void whatIsMissingOrOfAnotherKindIsRefusedByName() throws IOException {
        refused(files -> files.keys.remove("vocoder-")).hasMessageEndingWith("vocoder-tiny.gguf: no such file");
        refused(files -> text(files, "", "general.architecture", "llama"))
                .hasMessageEndingWith("tiny.gguf: key general.architecture: expected lfm2, found llama");
        refused(files -> text(files, "mmproj-", "clip.projector_type", "ultravox"))
                .hasMessageEndingWith("mmproj-tiny.gguf: key clip.projector_type: expected lfm2a, found ultravox");
        refused(files -> text(files, "", "tokenizer.ggml.pre", "qwen2"))
                .hasMessageEndingWith("tiny.gguf: key tokenizer.ggml.pre: expected lfm2, found qwen2");
        refused(files -> {
                    var tokens = new ArrayList<>(
                            ((GgufValue.Texts) files.keys.get("").get("tokenizer.ggml.tokens")).values());
                    tokens.set(tokens.indexOf("b"), "a");
                    files.keys.get("").put("tokenizer.ggml.tokens", new GgufValue.Texts(tokens));
                })
                .hasMessageContaining(
                        "tiny.gguf: key tokenizer.ggml.tokens: expected unique strings, found 'a' again for id ");
        refused(files -> whole(files, "vocoder-", "depthformer_n_embd", 192))
                .hasMessageEndingWith(
                        "vocoder-tiny.gguf: tensor depth_linear.weight: expected 192 rows for each of 1 to 1024"
                                + " codebooks, found 1024");
        refused(files -> whole(files, "vocoder-", "depthformer_n_embd", 100))
                .hasMessageEndingWith(
                        "vocoder-tiny.gguf: key depthformer_n_embd: expected a multiple of 64 up to 1048576,"
                                + " found 100");
        refused(files -> whole(files, "mmproj-", "clip.audio.attention.head_count", 3))
                .hasMessageEndingWith(
                        "mmproj-tiny.gguf: key clip.audio.embedding_length: expected an even multiple of 3"
                                + " heads, found 32");
        refused(files -> files.tensors.get("mmproj-").put("a.blk.0.conv_dw.weight", Tensor.of(new float[64], 32, 2)))
                .hasMessageEndingWith(
                        "mmproj-tiny.gguf: tensor a.blk.0.conv_dw.weight: expected an odd number of taps, found 2");
        refused(files -> whole(files, "mmproj-", "clip.audio.embedding_length", 48))
                .hasMessageEndingWith(
                        "mmproj-tiny.gguf: tensor a.blk.0.ffn_up.weight: expected shape [-1, 48], found [128, 32]");
        refused(files -> whole(files, "", "lfm2.shortconv.l_cache", 4))
                .hasMessageEndingWith(
                        "tiny.gguf: tensor blk.0.shortconv.conv.weight: expected shape [64, 1, 4], found [64, 3]");
        refused(files -> whole(files, "", "lfm2.block_count", 5))
                .hasMessageEndingWith(
                        "tiny.gguf: key lfm2.attention.head_count_kv: expected a number for each of 5 layers, found 6");
    }

    /** Layers beyond a count would be left unread. */
    @ParameterizedTest
    @CsvSource({
        "'', lfm2.vocab_size, 511, '512, as in the tensors'",
        "'', lfm2.feed_forward_length, 1, as in the tensors",
        "'', lfm2.context_length, 1, 256 or more",
        "mmproj-, clip.audio.block_count, 1, 'as there are tensors a.blk.N'",
        "mmproj-, clip.audio.feed_forward_length, 1, '32 or 128, as tensor a.blk.0.ffn_up.weight'",
        "vocoder-, depthformer_n_layer, 1, 'as there are tensors depthformer.layers.N'"
    })
    void countsThatContradictTheTensorsAreRefusedByKey(String part, String key, int wrong, String expected)
            throws IOException {
        refused(files -> whole(files, part, key, wrong))
                .hasMessageContaining("/" + part + "tiny.gguf: key " + key + ": expected ")
                .hasMessageContaining(expected)
                .hasMessageEndingWith(", found " + wrong);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mmproj-", "vocoder-"})
    void aTensorThatNobodyReadsIsRefusedByName(String part) throws IOException {
        refused(files -> files.tensors.get(part).put("rope_freqs.weight", Tensor.of(new float[32], 32)))
                .hasMessageEndingWith("/" + part + "tiny.gguf: tensor rope_freqs.weight: is not part of this model");
    }

    @Test
    void tensorsOfTooFewAxesAreRefusedByName() throws IOException {
        refused(files -> files.tensors.get("mmproj-").put("a.blk.0.conv_dw.weight", Tensor.of(new float[32], 32)))
                .hasMessageEndingWith(
                        "mmproj-tiny.gguf: tensor a.blk.0.conv_dw.weight: expected shape [32, 1, -1], found [32]");
        Path file = new VendorFiles("a", DType.F32, folder).write("tiny").resolve("mmproj-tiny.gguf");
        withoutAxes(file, "a.conv1d.0.weight");
        assertThatThrownBy(() -> open("a", folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith(
                        "mmproj-tiny.gguf: tensor a.conv1d.0.weight: expected shape [-1, 1, 3, 3], found []");
    }

    /** Our writer writes no such tensor. Its four sizes are as long as the file's alignment, so that the others stay in place. */
    private static void withoutAxes(Path file, String tensor) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int axes = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(tensor) + tensor.length();
        assertThat(bytes[axes]).isEqualTo((byte) 4);
        bytes[axes] = 0;
        int sizes = axes + Integer.BYTES;
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 4 * Long.BYTES);
        System.arraycopy(bytes, sizes + 4 * Long.BYTES, shorter, sizes, shorter.length - sizes);
        Files.write(file, shorter);
    }

    @Test
    void aModelOfOtherArithmeticIsRefusedByKey() throws IOException {
        refused(files -> text(files, "", "lfm2.rope.scaling.type", "yarn"))
                .hasMessageEndingWith("/tiny.gguf: key lfm2.rope.scaling.type: expected none, found yarn");
        refused(files -> whole(files, "", "lfm2.rope.dimension_count", 2))
                .hasMessageEndingWith(
                        "/tiny.gguf: key lfm2.rope.dimension_count: expected the 16 channels of a head, found 2");
        refused(files -> whole(files, "", "lfm2.attention.value_length", 2))
                .hasMessageEndingWith("/tiny.gguf: key lfm2.attention.value_length: expected 16, as of keys, found 2");
        refused(files -> files.keys
                        .get("")
                        .put("lfm2.attention.head_count_kv", new GgufValue.Integers(List.of(0, 0, -2, 0, -2, 0))))
                .hasMessageEndingWith("/tiny.gguf: key lfm2.attention.head_count_kv: expected one number of 1 or more,"
                        + " apart from zeros, found [0, 0, -2, 0, -2, 0]");
        refused(files -> files.keys
                        .get("mmproj-")
                        .put("clip.audio.attention.layer_norm_epsilon", new GgufValue.Number(1e-6f)))
                .hasMessageEndingWith("mmproj-tiny.gguf: key clip.audio.attention.layer_norm_epsilon:"
                        + " expected 1.0E-5, found 1.0E-6");
    }

    /** The detokenizer is opened by the first reply. */
    @Test
    void aDetokenizerOfOtherArithmeticIsRefusedByKey() throws IOException {
        mute(files -> text(files, "tokenizer-", "lfm2.rope.scaling.type", "yarn"))
                .hasMessageEndingWith("tokenizer-tiny.gguf: key lfm2.rope.scaling.type: expected none, found yarn");
        mute(files -> whole(files, "tokenizer-", "lfm2.feed_forward_length", 1))
                .hasMessageContaining("tokenizer-tiny.gguf: key lfm2.feed_forward_length: expected ")
                .hasMessageEndingWith(", as in the tensors, found 1");
        mute(files -> files.tensors.get("tokenizer-").put("rope_freqs.weight", Tensor.of(new float[32], 32)))
                .hasMessageEndingWith("tokenizer-tiny.gguf: tensor rope_freqs.weight: is not part of this model");
        mute(files -> whole(files, "tokenizer-", "lfm2.embedding_length_out", 1280))
                .hasMessageEndingWith("tokenizer-tiny.gguf: key lfm2.embedding_length_out: expected 1282, found 1280");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> mute(Change change) throws IOException {
        Path place = Files.createTempDirectory(folder, "mute");
        VendorFiles files = new VendorFiles("a", DType.F32, place);
        change.change(files);
        files.write("tiny");
        try (SpokenModel model = open("a", place)) {
            return assertThatThrownBy(() -> ask(model, new Question.Typed("Tell me more.")))
                    .isInstanceOf(BadFileException.class);
        }
    }

    @Test
    void theyAreNotConverted() throws IOException {
        new VendorFiles("a", DType.F32, folder).write("tiny");

        assertThatThrownBy(() -> SpokenModels.convert(
                        folder,
                        Optional.empty(),
                        Quantisations.of(Quantisation.Q8_0),
                        folder.resolveSibling("converted"),
                        ConversionListener.NONE))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder + ": is already GGUF: convert the original");
    }

    @Test
    void filesOfSeveralModelsAreRefused() throws IOException {
        VendorFiles files = new VendorFiles("a", DType.F32, folder);
        files.write("tiny");
        files.write("other");

        assertThatThrownBy(() -> open("a", folder))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder + ": GGUF: expected the four files of one model, found [mmproj-other.gguf,"
                        + " mmproj-tiny.gguf]");
    }

    @Test
    void tensorsThatAreMissingOrBrokenAreRefusedByTheirOwnNames() throws IOException {
        missing("", "blk.2.attn_q.weight");
        missing("vocoder-", "audio_embedding.embedding.weight");
        refused(files ->
                        files.tensors.get("").get("token_embd.weight").data().set(ValueLayout.JAVA_FLOAT, 0, Float.NaN))
                .hasMessageEndingWith(
                        "/tiny.gguf: tensor token_embd.weight: expected finite numbers, found NaN or infinity");
    }

    private void missing(String part, String tensor) throws IOException {
        Path place = Files.createTempDirectory(folder, "without");
        VendorFiles files = new VendorFiles("a", DType.F32, place);
        files.tensors.get(part).remove(tensor);
        files.write("tiny");
        assertThatThrownBy(() -> open("a", place))
                .isInstanceOf(MissingTensorException.class)
                .hasMessage(place.resolve(part + "tiny.gguf") + ": tensor " + tensor + " is missing");
    }

    private interface Change {
        void change(VendorFiles files);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(Change change) throws IOException {
        Path place = Files.createTempDirectory(folder, "changed");
        VendorFiles files = new VendorFiles("a", DType.F32, place);
        change.change(files);
        files.write("tiny");
        return assertThatThrownBy(() -> open("a", place)).isInstanceOf(BadFileException.class);
    }

    private static void text(VendorFiles files, String part, String key, String value) {
        files.keys.get(part).put(key, new GgufValue.Text(value));
    }

    private static void whole(VendorFiles files, String part, String key, int value) {
        files.keys.get(part).put(key, new GgufValue.Whole(value));
    }

    private static SpokenModel open(String set, Path folder) throws IOException {
        return SpokenModels.open(
                folder, new OpenOptions(Optional.empty(), Optional.empty()), LfmGolden.of(set).kernels);
    }

    private static Answer ask(SpokenModel model, Question question) throws IOException {
        return new Conversation(model, ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(UNITS))
                .ask(question, ReplyListener.NONE);
    }
}
