package sparrow.models.lfm3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.GgufValue;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.vocode.Noise;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The two files of LFM3-Audio in every storage type, and files that are damaged or of another kind. */
class Lfm3FilesTest {
    @TempDir
    private Path folder;

    private SpokenModel open() throws IOException {
        return SpokenModels.open(
                folder, new OpenOptions(Optional.empty(), Optional.empty()), Kernels.create(new ComputePool(1)));
    }

    /** Rows of the tiny sets are no whole blocks of the K types, for which there is {@link KTypesTest}. */
    @ParameterizedTest
    @CsvSource({"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void everyStorageTypeAnswers(DType matrices) throws IOException {
        Lfm3Golden golden = Lfm3Golden.of("a");
        new GgufCopy(golden.text).write(folder.resolve("tiny.gguf"), matrices);
        new GgufCopy(golden.sound).write(folder.resolve("mmproj-tiny.gguf"), matrices);
        try (SpokenModel model = open()) {
            Answer answer = new Conversation(model, ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(20))
                    .ask(
                            new Question.Spoken(WavFile.read(Lfm3Golden.FOLDER.resolve("wav/speech.wav"))),
                            ReplyListener.NONE);

            assertThat(answer.reply().units()).hasSizeBetween(1, 20);
            assertThat(model.family()).isEqualTo("LFM3-Audio");
        }
    }

    private AbstractThrowableAssert<?, ?> refused(Consumer<GgufCopy> ofText, Consumer<GgufCopy> ofSound)
            throws IOException {
        Lfm3Golden golden = Lfm3Golden.of("b");
        GgufCopy text = new GgufCopy(golden.text);
        GgufCopy sound = new GgufCopy(golden.sound);
        ofText.accept(text);
        ofSound.accept(sound);
        text.write(folder.resolve("tiny.gguf"), DType.BF16);
        sound.write(folder.resolve("mmproj-tiny.gguf"), DType.BF16);
        return assertThatThrownBy(() -> {
                    try (SpokenModel model = open()) {
                        model.encode(new Question.Spoken(WavFile.read(Lfm3Golden.FOLDER.resolve("wav/speech.wav"))));
                        model.synthesizer();
                    }
                })
                .isInstanceOf(IllegalArgumentException.class);
    }

    private AbstractThrowableAssert<?, ?> refusedText(Consumer<GgufCopy> change) throws IOException {
        return refused(change, sound -> {});
    }

    private AbstractThrowableAssert<?, ?> refusedSound(Consumer<GgufCopy> change) throws IOException {
        return refused(text -> {}, change);
    }

    @Test
    void aTextFileOfAnotherKindIsRefusedByName() throws IOException {
        refusedText(text -> text.text("general.architecture", "lfm2"))
                .hasMessageEndingWith("tiny.gguf: key general.architecture: expected lfm3, found lfm2");
        refusedText(text -> text.keys.put("lfm3.attention.causal", new GgufValue.Flag(false)))
                .hasMessageEndingWith("tiny.gguf: key lfm3.attention.causal: expected true, found false");
        refusedText(text -> text.tokens(Map.of("<|mixed_start|>", "<|other|>")))
                .hasMessageEndingWith("tiny.gguf: added token <|mixed_start|>: is missing");
        refusedText(text -> text.tensors.remove("blk.0.post_ffw_norm.weight"))
                .hasMessageContaining("blk.0.post_ffw_norm.weight");
        refusedText(text -> text.zeros("blk.1.attn_q.bias", 72))
                .hasMessageEndingWith("tiny.gguf: tensor blk.1.attn_q.bias: is not part of a lfm3 of 6 layers");
        refusedText(text -> text.zeros("blk.1.attn_gate.weight", 2, 40))
                .hasMessageContaining("tensor blk.1.attn_gate.weight");
        refusedText(text -> text.zeros("rope_freqs.weight", 12))
                .hasMessageEndingWith("tensor rope_freqs.weight: expected ones, then 1.0E20 or more, found 0.0");
        refusedText(text -> text.keys.put(
                        "lfm3.attention.sliding_window_pattern", new GgufValue.Flags(List.of(true, false))))
                .hasMessageEndingWith(
                        "key lfm3.attention.sliding_window_pattern: expected a value for each of 6 layers, found 2");
        refusedText(text -> text.whole("lfm3.rope.dimension_count", 12))
                .hasMessageEndingWith("key lfm3.rope.dimension_count: expected the 24 channels of a head, found 12");
        refusedText(text -> text.whole("lfm3.shortconv.l_cache", 5)).hasMessageContaining("shortconv.conv.weight");
    }

    @Test
    void aSoundFileOfAnotherKindIsRefusedByName() throws IOException {
        refusedSound(sound -> sound.text("clip.audio.projector_type", "lfm2a"))
                .hasMessageEndingWith("mmproj-tiny.gguf: key clip.audio.projector_type: expected lfm3a, found lfm2a");
        refusedSound(sound -> sound.text("clip.gen.audio.projector_type", "other"))
                .hasMessageEndingWith("key clip.gen.audio.projector_type: expected lfm3a_gen, found other");
        refusedSound(sound -> sound.whole("clip.audio.block_count", 2))
                .hasMessageEndingWith("key clip.audio.block_count: expected 3, as there are tensors a.blk.N, found 2");
        refusedSound(sound -> sound.whole("clip.audio.attention.head_count", 4))
                .hasMessageEndingWith("key clip.audio.attention.head_count: expected 5, as in the tensors, found 4");
        refusedSound(sound -> sound.whole("clip.gen.audio.embedding_length", 47))
                .hasMessageContaining("a.gen.code.embd.weight");
        refusedSound(sound -> sound.zeros("a.blk.0.attn_gate.weight", 5, 40))
                .hasMessageEndingWith("tensor a.blk.0.attn_gate.weight: is not part of this model");
        refusedSound(sound -> sound.zeros("a.gen.code.embd.weight", 11, 131, 48))
                .hasMessageContaining("a.gen.code.embd.weight");
        refusedSound(sound -> sound.zeros("a.gen.wav.quant.first.codebook.weight", 129, 4))
                .hasMessageEndingWith("tensor a.gen.wav.quant.first.codebook.weight: expected 12 codes of 130 a frame,"
                        + " found 12 of 129");
        refusedSound(sound -> sound.tensors.remove("a.gen.wav.tfm.blk.2.attn_q_norm.weight"))
                .hasMessageContaining("a.gen.wav.tfm.blk.2.attn_q_norm.weight");
        refusedSound(sound -> sound.whole("clip.audio.num_mel_bins", 80)).hasMessageContaining("pre_encode.out");
        refusedSound(sound -> sound.zeros("a.gen.code.proj_in.weight", 12 * 48, 41))
                .hasMessageContaining("a.gen.code.proj_in.weight");
    }

    @Test
    void sizesAndSamplingThatContradictTheTensorsAreRefused() throws IOException {
        refusedSound(sound -> sound.whole("clip.audio.feed_forward_length", 57))
                .hasMessageEndingWith("key clip.audio.feed_forward_length: expected 56, as in the tensors, found 57");
        refusedSound(sound -> sound.whole("clip.gen.audio.projection_dim", 41))
                .hasMessageEndingWith("key clip.gen.audio.projection_dim: expected 40, as in the tensors, found 41");
        String sampling = "clip.gen.audio.sampling.";
        refusedSound(sound -> sound.keys.put(sampling + "temp", new GgufValue.Number(-1)))
                .hasMessageEndingWith("key " + sampling + "temp: expected a number of 0 or more, found -1.0");
        refusedSound(sound -> sound.keys.put(sampling + "penalty_repeat", new GgufValue.Number(0)))
                .hasMessageEndingWith("key " + sampling + "penalty_repeat: expected a number above 0, found 0.0");
        refusedSound(sound -> sound.keys.put(sampling + "top_k", new GgufValue.Integers(List.of(1))))
                .hasMessageContaining("key " + sampling + "top_k: expected a whole number");
        refusedSound(sound -> sound.whole(sampling + "penalty_last_n", 1L << 31))
                .hasMessageEndingWith(
                        "key " + sampling + "penalty_last_n: expected a whole number of 0 to 2^31-1, found 2147483648");
    }

    @Test
    void finiteWeightsWhoseSamplesAreInfiniteAreRefused() throws IOException {
        Lfm3Golden golden = Lfm3Golden.of("b");
        GgufCopy sound = new GgufCopy(golden.sound);
        float[] bias = new float[1282];
        Arrays.fill(bias, 4e37f);
        sound.tensors.put("a.gen.wav.tfm.out_proj.bias", Tensor.of(bias, 1282));
        new GgufCopy(golden.text).write(folder.resolve("tiny.gguf"), DType.BF16);
        sound.write(folder.resolve("mmproj-tiny.gguf"), DType.BF16);
        try (SpokenModel model = open()) {
            assertThatThrownBy(() -> model.synthesizer().synthesize(new int[12], Noise.seeded(1)))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("mmproj-tiny.gguf")
                    .hasMessageEndingWith(": expected weights that give finite samples, found NaN or infinity");
        }
    }

    @Test
    void aFolderWithoutExactlyTwoFilesIsRefusedByName() throws IOException {
        Files.copy(Lfm3Golden.FOLDER.resolve("b/mmproj.gguf"), folder.resolve("mmproj.gguf"));
        assertThatThrownBy(this::open)
                .hasMessage(folder + ": GGUF: expected one file *.gguf of the language model, found []");

        Files.copy(Lfm3Golden.FOLDER.resolve("b/text.gguf"), folder.resolve("text.gguf"));
        Files.copy(Lfm3Golden.FOLDER.resolve("b/mmproj.gguf"), folder.resolve("mmproj-2.gguf"));
        assertThatThrownBy(this::open)
                .hasMessage(folder + ": GGUF: expected one file mmproj*.gguf, found [mmproj-2.gguf, mmproj.gguf]");
    }

    @Test
    void aFileThatWasCutShortIsReportedAsDamaged() throws IOException {
        Files.copy(Lfm3Golden.FOLDER.resolve("b/text.gguf"), folder.resolve("text.gguf"));
        byte[] sound = Files.readAllBytes(Lfm3Golden.FOLDER.resolve("b/mmproj.gguf"));
        Files.write(folder.resolve("mmproj.gguf"), Arrays.copyOf(sound, sound.length / 2));

        assertThatThrownBy(this::open)
                .hasMessageStartingWith(folder.resolve("mmproj.gguf") + ": tensor ")
                .hasMessageEndingWith("bytes of data (cut short?)");
    }

    @Test
    void aFolderOfSafetensorsIsRefusedByName() throws IOException {
        Files.writeString(
                folder.resolve("config.json"), "{\"architectures\": [\"Lfm3AudioForConditionalGeneration\"]}");

        assertThatThrownBy(this::open)
                .hasMessage(
                        folder + ": safetensors of LFM3-Audio: expected its two GGUF files, because the names of its"
                                + " tensors are not published");
    }

    /** Random bytes in header and index of either file end in one line about a file, never in another exception. */
    @Tag("full")
    @Test
    void mutatedFilesAreRefusedOrOpen() throws IOException {
        byte[] text = Files.readAllBytes(Lfm3Golden.FOLDER.resolve("b/text.gguf"));
        byte[] sound = Files.readAllBytes(Lfm3Golden.FOLDER.resolve("b/mmproj.gguf"));
        SplittableRandom random = new SplittableRandom(8);
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            boolean first = random.nextBoolean();
            byte[] changed = (first ? text : sound).clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) changed[random.nextInt(12_000)] = (byte) random.nextInt();
            if (random.nextInt(5) == 0) changed = Arrays.copyOf(changed, random.nextInt(changed.length));
            Files.write(folder.resolve("text.gguf"), first ? changed : text);
            Files.write(folder.resolve("mmproj.gguf"), first ? sound : changed);
            try (SpokenModel model = open()) {
                model.encode(new Question.Spoken(WavFile.read(Lfm3Golden.FOLDER.resolve("wav/tiny.wav"))));
                model.synthesizer();
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(20);
    }
}
