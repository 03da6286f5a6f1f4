package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.sample.Sampling;
import sparrow.engine.tensor.DType;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Gguf;
import sparrow.engine.weights.GgufValue;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.WavFile;

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

    @ParameterizedTest
    @EnumSource(names = {"F16", "Q8_0", "Q4_0"})
    void inFewerBitsTheyAnswer(DType matrices) throws IOException {
        for (String set : sets()) {
            new VendorFiles(set, matrices, folder).write("tiny");
            try (SpokenModel vendor = open(set, folder)) {
                Answer answer =
                        ask(vendor, new Question.Spoken(WavFile.read(LfmGolden.FOLDER.resolve("wav/b_second24k.wav"))));

                assertThat(answer.reply().units()).hasSizeBetween(1, UNITS);
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
                assertThat(tokenizer.encode(one.path("text").textValue())).isEqualTo(LfmGolden.ints(one.path("ids")));
            }
            for (JsonNode one : cases.path("decode")) {
                assertThat(tokenizer.decode(LfmGolden.ints(one.path("ids"))))
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
        refused(files -> whole(files, "vocoder-", "depthformer_n_embd", 192))
                .hasMessageEndingWith(
                        "vocoder-tiny.gguf: tensor depth_linear.weight: expected rows of whole 192," + " found 1024");
        refused(files -> whole(files, "mmproj-", "clip.audio.embedding_length", 48))
                .hasMessageEndingWith(
                        "mmproj-tiny.gguf: tensor a.blk.0.ffn_up.weight: expected shape [-1, 48], found [128, 32]");
        refused(files -> whole(files, "", "lfm2.shortconv.l_cache", 4))
                .hasMessageEndingWith(
                        "tiny.gguf: tensor blk.0.shortconv.conv.weight: expected shape [64, 1, 4], found [64, 3]");
        refused(files -> whole(files, "", "lfm2.block_count", 5))
                .hasMessageEndingWith("tiny.gguf: lfm.layer_types: expected num_hidden_layers = 5 types, found"
                        + " [\"conv\",\"conv\",\"full_attention\",\"conv\",\"full_attention\",\"conv\"]");
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
                .hasMessage(folder + ": is GGUF already: convert the original");
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
