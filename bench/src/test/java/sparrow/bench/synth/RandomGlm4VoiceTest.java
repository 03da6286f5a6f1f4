package sparrow.bench.synth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.formats.weights.TensorDescription;
import sparrow.formats.weights.TorchZip;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.glm4voice.ChatGlm;
import sparrow.models.glm4voice.DecoderConfigs;
import sparrow.models.glm4voice.Glm4VoiceFamily;
import sparrow.models.glm4voice.Glm4VoiceTokens;
import sparrow.models.glm4voice.VoiceVocabulary;
import sparrow.models.glm4voice.WhisperVqConfigs;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Folders of random weights: what they hold is what checkpoints hold, and they open as any other. */
class RandomGlm4VoiceTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("sparrow.testdata")).resolve("glm-4-voice");

    @TempDir
    private Path folder;

    private static Map<String, List<Integer>> shapes(List<TensorDescription> tensors) {
        Map<String, List<Integer>> shapes = new TreeMap<>();
        for (TensorDescription tensor : tensors) {
            assertThat(shapes.put(tensor.name(), tensor.shape()))
                    .as(tensor.name())
                    .isNull();
        }
        return shapes;
    }

    private static Map<String, List<Integer>> shapes(Checkpoint checkpoint) {
        Map<String, List<Integer>> shapes = new TreeMap<>();
        for (String name : checkpoint.names())
            shapes.put(name, checkpoint.tensor(name).shape());
        return shapes;
    }

    private static long elements(List<TensorDescription> tensors) {
        return tensors.stream().mapToLong(TensorDescription::elements).sum();
    }

    /** By checkpoints that the official modules saved, of other sizes. */
    @Test
    void namesAndShapesAreThoseOfTheOfficialModules() throws IOException {
        DecoderConfigs decoder = DecoderConfigs.read(GOLDEN.resolve("decoder/config.yaml"));
        try (Checkpoint tokenizer = SafetensorsFolder.open(GOLDEN.resolve("speech_tokenizer"));
                Checkpoint flow = TorchZip.open(GOLDEN.resolve("decoder/flow.pt"));
                Checkpoint hift = TorchZip.open(GOLDEN.resolve("decoder/hift.pt"))) {
            assertThat(shapes(Glm4VoiceTensors.speechTokenizer(
                                    WhisperVqConfigs.config(GOLDEN.resolve("speech_tokenizer")))
                            .descriptions()))
                    .isEqualTo(shapes(tokenizer));
            assertThat(shapes(Glm4VoiceTensors.flow(decoder.flow()).descriptions()))
                    .isEqualTo(shapes(flow));
            assertThat(shapes(HiftTensors.of(decoder.hift()).descriptions())).isEqualTo(shapes(hift));
        }
    }

    /** Numbers counted on the official modules with the published configuration. */
    @Test
    void sizesAreThePublishedOnes() throws IOException {
        Files.writeString(folder.resolve("config.json"), Glm4VoiceFiles.SPEECH_TOKENIZER);
        Files.writeString(folder.resolve("preprocessor_config.json"), Glm4VoiceFiles.FEATURES);
        Files.writeString(folder.resolve("config.yaml"), Glm4VoiceFiles.SPEECH_DECODER);
        DecoderConfigs decoder = DecoderConfigs.read(folder.resolve("config.yaml"));

        List<TensorDescription> flow = Glm4VoiceTensors.flow(decoder.flow()).descriptions();
        List<TensorDescription> hift = HiftTensors.of(decoder.hift()).descriptions();
        List<TensorDescription> tokenizer = Glm4VoiceTensors.speechTokenizer(WhisperVqConfigs.config(folder))
                .descriptions();

        assertThat(flow).hasSize(1185);
        assertThat(elements(flow)).isEqualTo(111_166_208);
        assertThat(hift).hasSize(227);
        assertThat(elements(hift)).isEqualTo(20_460_591);
        assertThat(elements(tokenizer)).isEqualTo(364_587_264);
    }

    @Test
    void theConfigurationIsThatOfThePublishedModel() throws IOException {
        PublishedModel published = new Glm4VoiceFamily().published();
        Files.writeString(folder.resolve("config.json"), Glm4VoiceFiles.LANGUAGE_MODEL.formatted(7));

        assertThat(ChatGlm.config(ChatGlm.read(folder)))
                .isEqualTo(published.config().withLayers(7));
        assertThat(VoiceVocabulary.GLM_4_VOICE_9B.addedTokens())
                .hasSize(published.tokens().usable() - 151_329);
    }

    /** Ids and layers of a small model of the same layout. */
    private static RandomGlm4Voice.Sizes small() throws IOException {
        return small(new VoiceVocabulary(900, 920, 64), 64, 1024);
    }

    /**
     * Returns the sizes of a small model.
     *
     * @param codes number of codes of a question and of the flow
     * @param rows number of rows in the embedding
     */
    static RandomGlm4Voice.Sizes small(VoiceVocabulary vocabulary, int codes, int rows) throws IOException {
        int first = vocabulary.textTokens();
        PublishedModel model = new PublishedModel(
                "small",
                Architecture.CHATGLM,
                new TransformerConfig(
                        3, 64, 4, 2, 16, 128, rows, 2048, 3.90625e-8f, new Rope(8, 10_000, Rope.Pairing.INTERLEAVED)),
                vocabulary.tokens(Set.of(first, first + 7, first + 9)),
                Glm4VoiceTokens.INTERLEAVE,
                List.of(2));
        String languageModel = Files.readString(GOLDEN.resolve("lm/config.json"))
                .replace("\"ffn_hidden_size\": 112", "\"ffn_hidden_size\": 128")
                .replace("vocab_size\": 512", "vocab_size\": " + rows)
                .replace("400", String.valueOf(first))
                .replace("407", String.valueOf(first + 7))
                .replace("409", String.valueOf(first + 9))
                .replaceAll("\"(num_hidden_layers|num_layers)\": 4", "\"$1\": %1\\$d");
        return new RandomGlm4Voice.Sizes(
                model,
                vocabulary,
                languageModel,
                Files.readString(GOLDEN.resolve("speech_tokenizer/config.json"))
                        .replace("quantize_vocab_size\": 64", "quantize_vocab_size\": " + codes),
                Files.readString(GOLDEN.resolve("decoder/config.yaml"))
                        .replace("vocab_size: 64", "vocab_size: " + codes));
    }

    @Test
    void aFolderOpensAndAnswersAndItsNumbersStayFinite() throws IOException {
        Path out = folder.resolve("out");
        RandomGlm4Voice.write(small(), 3, Quantisation.Q4_0, 1, out, ConversionListener.NONE);

        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.open(
                        out, new OpenOptions(Optional.empty(), Optional.empty()), Kernels.create(pool))) {
            assertThat(model.name()).isEqualTo("small of random weights");
            assertThat(model.languageModel().heads().layers()).containsExactly(2);
            Conversation conversation = new Conversation(model, ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(60));
            Answer answer = conversation.ask(
                    new Question.Spoken(tone()),
                    Unit.tokens(IntStream.range(920, 970).toArray()),
                    ReplyListener.NONE);

            assertThat(answer.prompt().tokens().length).isGreaterThan(40);
            assertThat(answer.speech().seconds()).isGreaterThan(3.9);
            assertThat(answer.speech().peak()).isGreaterThan(0.01f).isLessThanOrEqualTo(0.99f);
        }
    }

    private static Waveform tone() {
        float[] samples = new float[16_000];
        for (int i = 0; i < samples.length; i++) samples[i] = (float) Math.sin(i * 0.1 * (1 + i * 1e-5));
        return new Waveform(samples, 16_000);
    }

    @Test
    void theSameSeedGivesTheSameFiles() throws IOException {
        RandomGlm4Voice.write(small(), 3, Quantisation.Q8_0, 5, folder.resolve("a"), ConversionListener.NONE);
        RandomGlm4Voice.write(small(), 3, Quantisation.Q8_0, 5, folder.resolve("b"), ConversionListener.NONE);
        RandomGlm4Voice.write(small(), 3, Quantisation.Q8_0, 6, folder.resolve("c"), ConversionListener.NONE);

        for (String file : List.of(
                "lm/model.gguf", "heads/heads.gguf", "tokenizer/model.safetensors", "decoder/flow.safetensors")) {
            assertThat(folder.resolve("a").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("b").resolve(file));
            assertThat(Files.mismatch(
                            folder.resolve("a").resolve(file),
                            folder.resolve("c").resolve(file)))
                    .as(file)
                    .isNotNegative();
        }
        assertThat(folder.resolve("a/decoder/hift.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("b/decoder/hift.safetensors"));
    }
}
