package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.TokenSpace;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;
import sparrow.formats.weights.MissingTensorException;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.TurnPosition;
import sparrow.models.family.SpeechInput;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The random golden checkpoint as a whole folder, in published and in short names, and with parts missing. */
@Tag("stack")
class Glm4VoiceGoldenTest {
    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "glm-4-voice");

    private final ComputePool pool = new ComputePool(1);
    private final Kernels kernels = Kernels.create(pool);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void waveformToPromptToTokensIsTheOfficialRun() throws IOException {
        JsonNode expected =
                new ObjectMapper().readTree(GOLDEN.resolve("expected/e2e.json").toFile());
        try (SpokenModel model = SpokenModels.open(GOLDEN, TestedDevice.OPTIONS, kernels)) {
            Question question = new Question.Spoken(WavFile.read(GOLDEN.resolve("audio/input_16k.wav")));

            Prompt prompt = model.prompt(question, TurnPosition.FIRST);

            assertThat(((SpeechInput.Tokens) model.speechInput())
                            .encode(WavFile.read(GOLDEN.resolve("audio/input_16k.wav"))))
                    .isEqualTo(ints(expected.path("vq_ids")));
            assertThat(prompt.tokens()).isEqualTo(ints(expected.path("prompt_ids")));
            assertThat(reply(model, prompt.tokens(), 80)).isEqualTo(ints(expected.path("greedy_ids_no_stop")));
        }
    }

    @Test
    void publishedFolderNamesAndTorchFilesAreUnderstood() throws IOException {
        copy(GOLDEN.resolve("lm"), folder.resolve("glm-4-voice-9b"));
        copy(GOLDEN.resolve("speech_tokenizer"), folder.resolve("glm-4-voice-tokenizer"));
        copy(GOLDEN.resolve("decoder"), folder.resolve("glm-4-voice-decoder"));

        try (SpokenModel model = SpokenModels.open(folder, TestedDevice.OPTIONS, kernels)) {
            Conversation conversation = new Conversation(model, ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(60));
            Answer answer = conversation.ask(
                    new Question.Spoken(WavFile.read(GOLDEN.resolve("audio/input_44k_stereo.wav"))),
                    ReplyListener.NONE);

            // Random weights: noise comes out, of the right length.
            long codes = answer.reply().steps().stream()
                    .filter(step -> model.languageModel().tokens().isSpeech(step.token()))
                    .count();
            assertThat(answer.speech().samples()).hasSize((int) (256 * (codes * 441 / 64)));
            for (float sample : answer.speech().samples()) assertThat(sample).isBetween(-1f, 1f);
        }
    }

    @Test
    void languageModelFolderAloneIsEnoughForTheLanguageModel() throws IOException {
        copy(GOLDEN.resolve("lm"), folder.resolve("glm-4-voice-9b"));
        Files.writeString(folder.resolve("sparrow.json"), "{\"name\": \"random\"}");

        try (SpokenModel model = SpokenModels.open(folder.resolve("glm-4-voice-9b"), TestedDevice.OPTIONS, kernels)) {
            assertThat(model.languageModel().layers()).isEqualTo(4);
            assertThat(model.name()).isEqualTo("random");
            assertThat(model.files().speechDecoder()).isEmpty();
            assertThatThrownBy(model::synthesizer)
                    .hasMessageEndingWith(
                            "speech decoder: expected a folder glm-4-voice-decoder or decoder, found none");
        }
    }

    /** The channels of all heads together come back to a small number: they pass 2^32, or 2^64. */
    @ParameterizedTest
    @CsvSource({"65537, 1, 65536", "2147483643, 2147483643, 1717986916"})
    void headsWithMoreChannelsThanNumbersGoAreRefused(int heads, int groups, int width) throws IOException {
        Path config = folder.resolve("config.json");
        ObjectNode json = (ObjectNode)
                new ObjectMapper().readTree(GOLDEN.resolve("lm/config.json").toFile());
        json.put("num_attention_heads", heads).put("kv_channels", width).put("multi_query_group_num", groups);
        Files.writeString(config, json.toString());

        assertThatThrownBy(() -> ChatGlm.config(JsonFile.read(config)))
                .hasMessage(
                        config + ": kv_channels: expected heads of at most 2^31-1 channels together, found " + width);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model-00002-of-00002.safetensors | model-00002-of-00002.safetensors: missing shard",
                "config.json | config.json",
                "tokenizer.model | tokenizer.model",
                "tokenizer_config.json | tokenizer_config.json",
            })
    void missingFileIsNamedInOneLine(String file, String message) throws IOException {
        copy(GOLDEN.resolve("lm"), folder.resolve("lm"));
        Files.delete(folder.resolve("lm").resolve(file));

        assertThatThrownBy(() -> SpokenModels.open(folder, TestedDevice.OPTIONS, kernels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"num_layers\": 4 | \"num_layers\": 5 | num_hidden_layers",
                "\"rmsnorm\": true | \"rmsnorm\": false | rmsnorm",
                "\"model_type\": \"chatglm\" | \"model_type\": \"llama\" | model_type",
                "\"hidden_size\": 64 | \"hidden_size\": 96 | shape",
                "\"ffn_hidden_size\": 112 | \"ffn_hidden_size\": 0 | ffn_hidden_size",
                "\"padded_vocab_size\": 512 | \"padded_vocab_size\": \"many\" | padded_vocab_size",
                "\"layernorm_epsilon\": 3.90625e-08 | \"layernorm_epsilon\": -1 | config.json: layernorm_epsilon: expected a number of 0 or more, found -1",
                "\"layernorm_epsilon\": 3.90625e-08 | \"layernorm_epsilon\": 1e300 | config.json: layernorm_epsilon: expected a number of 0 or more",
                "\"original_rope\": true | \"original_rope\": false | original_rope",
            })
    void wrongConfigurationIsRefusedNamingTheKey(String from, String to, String key) throws IOException {
        copy(GOLDEN.resolve("lm"), folder.resolve("lm"));
        Path config = folder.resolve("lm/config.json");
        String text = Files.readString(config);
        assertThat(text).contains(from);
        Files.writeString(config, text.replace(from, to));

        assertThatThrownBy(() -> SpokenModels.open(folder, TestedDevice.OPTIONS, kernels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageNotContaining("\n");
    }

    /** No name is made of a layer that no file can hold: this would not end, or take all memory. */
    @ParameterizedTest
    @CsvSource({"2147483647", "10000000", "1000"})
    void moreLayersThanTensorsAreRefusedAtOnce(String layers) throws IOException {
        withLayers(layers);
        String message = "config.json: num_layers: expected at most one layer for each of 32 tensors, found " + layers;

        assertThatThrownBy(() -> SpokenModels.open(folder, TestedDevice.OPTIONS, kernels))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith(message);
        Path out = folder.resolve("q8");
        assertThatThrownBy(() -> SpokenModels.convert(
                        folder, Optional.empty(), Quantisations.of(Quantisation.Q8_0), out, ConversionListener.NONE))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith(message);
        assertThat(out).doesNotExist();
    }

    @Test
    void aLayerThatIsNotThereIsNamedByItsFirstTensor() throws IOException {
        withLayers("5");

        assertThatThrownBy(() -> SpokenModels.open(folder, TestedDevice.OPTIONS, kernels))
                .isInstanceOf(MissingTensorException.class)
                .hasMessageEndingWith("tensor transformer.encoder.layers.4.input_layernorm.weight is missing");
    }

    private void withLayers(String layers) throws IOException {
        copy(GOLDEN.resolve("lm"), folder.resolve("lm"));
        Path config = folder.resolve("lm/config.json");
        Files.writeString(config, Files.readString(config).replaceAll("(\"num_(hidden_)?layers\": )4", "$1" + layers));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"top_p\": 2 | top_p: expected a number above 0 and up to 1, found 2",
                "\"temperature\": -1 | temperature: expected a number 0 or more, found -1",
                "\"top_k\": 2.5 | top_k: expected a number 0 or more, whole, found 2.5",
                "\"repetition_penalty\": 0 | repetition_penalty: expected a number above 0, found 0",
            })
    void wrongSamplingIsRefusedNamingFileAndKey(String setting, String message) throws IOException {
        copy(GOLDEN.resolve("lm"), folder.resolve("lm"));
        Path file = folder.resolve("lm/generation_config.json");
        Files.writeString(file, "{\"do_sample\": true, " + setting + "}");

        assertThatThrownBy(() -> SpokenModels.open(folder, TestedDevice.OPTIONS, kernels))
                .isInstanceOf(BadFileException.class)
                .hasMessage(file + ": " + message);
    }

    /** Greedy tokens, end tokens ignored as in the golden run. */
    private static int[] reply(SpokenModel model, int[] prompt, int tokens) {
        LanguageModel endless = new LanguageModel(
                model.languageModel().transformer(),
                model.languageModel().heads(),
                new TokenSpace(422, 63, 485, Set.of()),
                model.languageModel().interleave());
        return new Decoder(endless, new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(tokens)))
                .reply(Request.of(new Sequence(endless), prompt))
                .tokens();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) values[i] = array.get(i).intValue();
        return values;
    }
}
