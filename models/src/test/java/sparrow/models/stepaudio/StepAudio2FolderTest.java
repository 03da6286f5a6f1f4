package sparrow.models.stepaudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Safetensors;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TurnPosition;
import sparrow.models.family.SpeechInput;
import sparrow.models.gguf.AudioQuantisation;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A folder in the published layout with random weights: from sound to sound, converted, and with parts missing. */
class StepAudio2FolderTest {
    private static final ComputePool POOL = ComputePool.ofMachine();
    private static final Kernels KERNELS = Kernels.create(POOL);

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void copyOfTheGoldenCheckpoint() throws IOException {
        folder = temporary.resolve("Step-Audio-2-mini");
        copy(StepGolden.CHECKPOINT, folder);
        VoiceFile.write(folder.resolve("token2wav/voice.safetensors"), goldenVoice());
    }

    @AfterAll
    static void close() {
        POOL.close();
    }

    /** The voice that the official code made of a golden recording. */
    private static Voice goldenVoice() {
        try (Safetensors golden = StepGolden.tensors("prompt_dsp")) {
            return new Voice(
                    golden.tensor("stereo24k.prompt_tokens").toInts(),
                    golden.tensor("stereo24k.spk_emb").toFloats(),
                    golden.tensor("stereo24k.prompt_mels_padded").toFloats());
        }
    }

    @Test
    void aSpokenQuestionIsAnsweredWithSpeech() throws IOException {
        try (SpokenModel model = open(OpenOptions.NONE)) {
            Answer answer = ask(model, 3, "wav/mono44k.wav");

            // Random weights: noise comes out, 40 ms for each code.
            int codes = codes(model, answer);
            assertThat(codes).isPositive();
            assertThat(answer.speech().sampleRateHz()).isEqualTo(24_000);
            assertThat(answer.speech().samples()).hasSize(960 * codes);
            for (float sample : answer.speech().samples()) assertThat(sample).isBetween(-1f, 1f);
            Answer again = ask(model, 3, "wav/mono44k.wav");
            assertThat(again.reply().tokens()).isEqualTo(answer.reply().tokens());
            assertThat(again.speech().samples()).isEqualTo(answer.speech().samples());
            assertThat(ask(model, 4, "wav/mono44k.wav").reply().tokens())
                    .isNotEqualTo(answer.reply().tokens());
        }
    }

    @Tag("full")
    @Test
    void soundStaysInTheHistoryOfLaterTurns() throws IOException {
        try (SpokenModel model = open(OpenOptions.NONE)) {
            Conversation conversation = conversation(model, 1);
            Answer first = conversation.ask(spoken("wav/stereo24k.wav"), ReplyListener.NONE);
            int length = conversation.length();
            Answer second = conversation.ask(new Question.Typed("again"), ReplyListener.NONE);

            assertThat(first.prompt().shared()).isPositive();
            assertThat(second.prompt().shared()).isZero();
            // The reply before was not closed; its turn is closed first.
            assertThat(second.prompt().tokens()[0]).isEqualTo(578);
            assertThat(conversation.length())
                    .isGreaterThan(length + second.prompt().tokens().length);
        }
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource
    void aConvertedFolderIsTheSameModel(Quantisation quantisation) throws IOException {
        Path converted = temporary.resolve("converted");
        SpokenModels.convert(
                folder, Optional.empty(), Quantisations.of(quantisation), converted, ConversionListener.NONE);

        try (SpokenModel before = open(OpenOptions.NONE);
                SpokenModel after = SpokenModels.open(converted, OpenOptions.NONE, KERNELS)) {
            assertThat(after.weightFormat()).startsWith("GGUF, " + quantisation.label());
            assertThat(after.languageModel().tokens())
                    .isEqualTo(before.languageModel().tokens());
            Question question = spoken("wav/speech16k.wav");
            assertThat(after.prompt(question, TurnPosition.FIRST).tokens())
                    .isEqualTo(before.prompt(question, TurnPosition.FIRST).tokens());
            assertThat(after.prompt(question, TurnPosition.FIRST)
                            .embeddings()
                            .getFirst()
                            .values())
                    .isEqualTo(before.prompt(question, TurnPosition.FIRST)
                            .embeddings()
                            .getFirst()
                            .values());
            // A seed whose noise lets these random weights speak in every format.
            if (quantisation == Quantisation.BF16) {
                assertThat(ask(after, 3, "wav/mono44k.wav").speech().samples())
                        .isEqualTo(ask(before, 3, "wav/mono44k.wav").speech().samples());
            } else {
                assertThat(ask(after, 3, "wav/mono44k.wav").speech().samples()).isNotEmpty();
            }
        }
        assertThatThrownBy(() -> SpokenModels.convert(
                        converted,
                        Optional.empty(),
                        Quantisations.of(quantisation),
                        temporary.resolve("twice"),
                        ConversionListener.NONE))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith("model.gguf: is already GGUF: convert the original");
    }

    /** In bf16 the encoder, which is published so, hears to the bit what it heard. */
    @Tag("full")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F32")
    void audioPartsOfFewerBitsHearAndSpeak(AudioQuantisation audio) throws IOException {
        Path converted = temporary.resolve("converted");
        Quantisations quantisations = new Quantisations(Quantisation.BF16, audio);
        SpokenModels.convert(folder, Optional.empty(), quantisations, converted, ConversionListener.NONE);

        assertThat(converted.resolve("audio-encoder.gguf")).exists();
        assertThat(converted.resolve("audio-encoder.safetensors")).doesNotExist();
        assertThat(converted.resolve("token2wav/flow.pt")).doesNotExist();
        try (SpokenModel before = open(OpenOptions.NONE);
                SpokenModel after = SpokenModels.open(converted, OpenOptions.NONE, KERNELS)) {
            Question question = spoken("wav/speech16k.wav");
            float[] expected = before.prompt(question, TurnPosition.FIRST)
                    .embeddings()
                    .getFirst()
                    .values();
            float[] heard = after.prompt(question, TurnPosition.FIRST)
                    .embeddings()
                    .getFirst()
                    .values();
            double difference = 0;
            double size = 0;
            for (int i = 0; i < expected.length; i++) {
                difference += Math.pow(heard[i] - expected[i], 2);
                size += Math.pow(expected[i], 2);
            }
            // A few times the rounding of one number: 2^-11 in f16, the 254th part of a block's largest in q8_0.
            double bound = Map.of(
                            AudioQuantisation.F16, 0.002, AudioQuantisation.BF16, 0.0, AudioQuantisation.Q8_0, 0.03)
                    .get(audio);
            assertThat(Math.sqrt(difference / size)).isLessThanOrEqualTo(bound);
            assertThat(ask(after, 1, "wav/mono44k.wav").speech().samples()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    token2wav/flow.pt               | token2wav: expected flow.pt, flow.safetensors or flow.gguf, found none
                    token2wav/hift.pt               | token2wav: expected hift.pt, hift.safetensors or hift.gguf, found none
                    token2wav/flow.yaml             | flow.yaml: no such file
                    token2wav/voice.safetensors     | voice.safetensors: no such voice: expected a WAV file of a speaker, or a voice file
                    """)
    void aMissingPartOfTheSpeechDecoderIsNamed(String file, String message) throws IOException {
        Files.delete(folder.resolve(file));

        try (SpokenModel model = open(OpenOptions.NONE)) {
            assertThatThrownBy(model::synthesizer)
                    .isInstanceOf(BadFileException.class)
                    .hasMessageEndingWith(message);
        }
    }

    @Tag("full")
    @Test
    void withoutASpeechDecoderTheLanguageModelStillOpens() throws IOException {
        delete(folder.resolve("token2wav"));

        try (SpokenModel model = open(OpenOptions.NONE)) {
            assertThat(model.files().speechDecoder()).isEmpty();
            assertThat(model.prompt(spoken("wav/speech16k.wav"), TurnPosition.FIRST)
                            .embeddings())
                    .hasSize(1);
            assertThatThrownBy(model::synthesizer)
                    .hasMessageEndingWith("speech decoder: expected a folder token2wav, found none");
        }
    }

    @Test
    void makingAVoiceTakesTheModuleThatIsNotHere() throws IOException {
        Path wav = StepGolden.FOLDER.resolve("wav/stereo24k.wav");

        try (SpokenModel model = open(new OpenOptions(Optional.empty(), Optional.of(wav)))) {
            assertThatThrownBy(model::synthesizer)
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("requires the artifact sparrow-onnx, which is not on the class path");
        }
    }

    @Test
    void soundIsHeardAsVectorsNotCodes() throws IOException {
        try (SpokenModel model = open(OpenOptions.NONE)) {
            assertThat(model.speechInput()).isInstanceOf(SpeechInput.Embeddings.class);
            assertThatThrownBy(() -> model.prompt(new Question.Codes(new int[] {1, 2}), TurnPosition.FIRST))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "question: Step-Audio-2-mini encodes audio as vectors; expected a recording, got 2 codes");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "num_attention_groups": 2 | "num_attention_groups": 4 | text_config.num_attention_groups: expected 2, found 4
                    "rope_scaling": null      | "rope_scaling": {"a": 1}  | text_config.rope_scaling: expected null, found {"a":1}
                    "rope_theta": 1000000.0,  |                           | text_config.rope_theta: is missing
                    "kernel_size": 3          | "kernel_size": 5          | audio_encoder_config.kernel_size: expected 3, found 5
                    "llm_dim": 64             | "llm_dim": 32             | audio_encoder_config.llm_dim: expected 64, found 32
                    "n_audio_head": 2         | "n_audio_head": 3         | audio_encoder_config.n_audio_head: expected a divisor of n_audio_state 32, found 3
                    "n_mels": 128             | "n_mels": 99999999       | audio_encoder_config.n_mels: expected 1 to 16777216, got 99999999
                    "rms_norm_eps": 1e-06     | "rms_norm_eps": -1       | text_config.rms_norm_eps: expected a number of 0 or more, found -1
                    "num_hidden_layers": 6    | "num_hidden_layers": 2147483647 | text_config.num_hidden_layers: expected at most one layer for each of 118 tensors, found 2147483647
                    "step_audio_2"            | "step_audio_3"            | model_type: expected chatglm or step_audio_2, or architectures Lfm3AudioForConditionalGeneration or Lfm2AudioForConditionalGeneration, found "step_audio_3"
                    """)
    void aConfigThatWeDoNotKnowIsRefused(String from, String to, String message) throws IOException {
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace(from, to == null ? "" : to));

        assertThatThrownBy(() -> open(OpenOptions.NONE))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith(message);
    }

    /** Codes are no power of three where the speech decoder says so, and none where there is no token for them. */
    @ParameterizedTest
    @CsvSource({"vocab_size: 80, 80", "vocab_size: 96, 96", "vocab_size: 125, 96"})
    void theSpeechDecoderSaysHowManyCodesThereAre(String setting, int codes) throws IOException {
        Path flow = folder.resolve("token2wav/flow.yaml");
        Files.writeString(flow, Files.readString(flow).replace("vocab_size: 81", setting));

        try (SpokenModel model = open(OpenOptions.NONE)) {
            assertThat(model.languageModel().tokens().codes()).isEqualTo(codes);
            assertThat(model.languageModel().tokens().speechTokens()).isEqualTo(96);
        }
    }

    @Test
    void withoutASpeechDecoderCodesAreTheLargestPowerOfThree() throws IOException {
        delete(folder.resolve("token2wav"));

        try (SpokenModel model = open(OpenOptions.NONE)) {
            assertThat(model.languageModel().tokens().codes()).isEqualTo(81);
        }
    }

    @ParameterizedTest
    @CsvSource({"<|BOT|>, added token <|BOT|>: is missing", "<tts_pad>, added token <tts_pad>: is missing"})
    void aMissingControlTokenIsNamed(String token, String message) throws IOException {
        for (String file : List.of("tokenizer.json", "added_tokens.json", "tokenizer_config.json")) {
            Path path = folder.resolve(file);
            Files.writeString(path, Files.readString(path).replace(token, "<|unknown|>"));
        }

        assertThatThrownBy(() -> open(OpenOptions.NONE))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith(message);
    }

    @Test
    void headsThatWereNamedMustBeThere() {
        Path heads = folder.resolve("nothing");

        assertThatThrownBy(() -> open(new OpenOptions(Optional.of(heads), Optional.empty())))
                .isInstanceOf(BadFileException.class)
                .hasMessage(heads + ": no such file of exit heads");
    }

    /** Audio parts are loaded by whoever needs them first; each conversation is held on a thread of its own. */
    @Tag("full")
    @Test
    void threadsGetTheAnswersThatEachGetsAlone() throws Exception {
        threadsGetWhatEachGetsAlone(4, 1);
    }

    @Test
    @Tag("full")
    void manyThreadsGetTheAnswersThatEachGetsAlone() throws Exception {
        threadsGetWhatEachGetsAlone(8, 3);
    }

    private void threadsGetWhatEachGetsAlone(int guests, int rounds) throws Exception {
        List<String> questions = List.of("wav/speech16k.wav", "wav/mono44k.wav");
        List<Answer> alone = new ArrayList<>();
        try (SpokenModel model = open(OpenOptions.NONE)) {
            for (String wav : questions) alone.add(ask(model, 1, wav));
        }

        for (int round = 0; round < rounds; round++) {
            try (SpokenModel model = open(OpenOptions.NONE);
                    ExecutorService threads = Executors.newFixedThreadPool(guests)) {
                List<Callable<Answer>> asking = new ArrayList<>();
                for (int guest = 0; guest < guests; guest++) {
                    String wav = questions.get(guest % 2);
                    asking.add(() -> ask(model, 1, wav));
                }
                List<Future<Answer>> answers = threads.invokeAll(asking);
                for (int guest = 0; guest < guests; guest++) {
                    Answer expected = alone.get(guest % 2);
                    Answer actual = answers.get(guest).get();
                    assertThat(actual.reply().tokens())
                            .isEqualTo(expected.reply().tokens());
                    assertThat(actual.text()).isEqualTo(expected.text());
                    assertThat(actual.speech().samples())
                            .containsExactly(expected.speech().samples());
                }
            }
        }
    }

    private SpokenModel open(OpenOptions options) throws IOException {
        return SpokenModels.open(folder, options, KERNELS);
    }

    private static Conversation conversation(SpokenModel model, long seed) {
        Sampling own = model.defaultSampling();
        Sampling sampling = new Sampling(own.temperature(), own.topK(), own.topP(), own.repetitionPenalty(), seed);
        return new Conversation(model, ExitPlan.NONE, sampling, Limits.newTokens(80));
    }

    private static Answer ask(SpokenModel model, long seed, String wav) {
        return conversation(model, seed).ask(spoken(wav), ReplyListener.NONE);
    }

    private static Question spoken(String wav) {
        return new Question.Spoken(StepGolden.wav(wav));
    }

    private static int codes(SpokenModel model, Answer answer) {
        return model.languageModel().tokens().codes(answer.reply().tokens()).length;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) Files.createDirectories(target);
                else Files.copy(file, target);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
