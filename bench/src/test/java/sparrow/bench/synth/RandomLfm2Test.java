package sparrow.bench.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.JsonFile;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.lfm2.AudioEncoderConfigs;
import sparrow.models.lfm2.DetokenizerConfigs;
import sparrow.models.lfm2.Lfm2Backbone;
import sparrow.models.lfm2.Lfm2Config;
import sparrow.models.lfm2.Lfm2Folder;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Random folders of LFM2.5-Audio have the names and shapes of the official modules and the sizes of the published model. */
class RandomLfm2Test {
    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "lfm2-audio");

    private static final List<String> UNREAD = List.of(
            "audio_embedding.embedding_norm.weight",
            "audio_embedding.to_logits.weight",
            "audio_loss_weights",
            "codebook_offsets",
            "num_batches_tracked");

    @TempDir
    private Path folder;

    /** By a checkpoint that the official modules saved, of other sizes. */
    @Test
    void namesAndShapesOfRandomWeightsAreThoseOfTheOfficialModules() throws IOException {
        Path golden = GOLDEN.resolve("b");
        Lfm2Config config = Lfm2Config.read(golden);
        try (Checkpoint model = SafetensorsFolder.open(golden);
                Checkpoint detokenizer = SafetensorsFolder.open(golden.resolve(Lfm2Folder.DETOKENIZER))) {
            assertThat(shapes(Lfm2Tensors.model(
                                    Lfm2Backbone.config(config, model),
                                    config,
                                    rows(model, "depthformer.layers.0.feed_forward.w1.weight"),
                                    AudioEncoderConfigs.read(config.json()))
                            .descriptions()))
                    .isEqualTo(shapes(model));
            Map<String, List<Integer>> spoken = shapes(detokenizer);
            spoken.put(
                    "lfm.embed_tokens.weight",
                    List.of(1, spoken.get("lin.weight").getLast()));
            assertThat(shapes(Lfm2Tensors.detokenizer(
                                    DetokenizerConfigs.read(JsonFile.read(golden.resolve(Lfm2Folder.DETOKENIZER)
                                            .resolve("config.json"))),
                                    config.codebooks(),
                                    rows(detokenizer, "lfm.layers.0.feed_forward.w1.weight"))
                            .descriptions()))
                    .isEqualTo(spoken);
        }
    }

    private static int rows(Checkpoint checkpoint, String name) {
        return checkpoint.tensor(name).shape().getFirst();
    }

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
        for (String name : checkpoint.names()) {
            if (UNREAD.stream().noneMatch(name::endsWith))
                shapes.put(name, checkpoint.tensor(name).shape());
        }
        return shapes;
    }

    /** Returns the sizes of a small model with the given number of tokens. */
    static RandomLfm2.Sizes small(int vocabulary) {
        PublishedModel published = SpokenModels.published("lfm2.5-audio-1.5b");
        TransformerConfig sizes = new TransformerConfig(
                16, 64, 4, 2, 16, 96, vocabulary, 1024, 1e-5f, new Rope(16, 1e6, Rope.Pairing.HALVES));
        PublishedModel model = new PublishedModel(
                "small",
                Architecture.LFM2,
                sizes,
                TokenSpace.text(vocabulary, Set.of(7)),
                new InterleaveFormat(6, 12),
                published.exitLayers());
        String config = Lfm2Files.CONFIG
                .replace("\"hidden_size\": 2048", "\"hidden_size\": 64")
                .replace("\"num_attention_heads\": 32", "\"num_attention_heads\": 4")
                .replace("\"num_key_value_heads\": 8", "\"num_key_value_heads\": 2")
                .replace("65536", String.valueOf(vocabulary))
                .replace("128000", "1024")
                .replace("\"d_model\": 512", "\"d_model\": 32")
                .replace("\"subsampling_conv_channels\": 256", "\"subsampling_conv_channels\": 8")
                .replace("\"n_layers\": 17", "\"n_layers\": 2")
                .replace("\"layers\": 6", "\"layers\": 2")
                .replace("\"dim\": 1024", "\"dim\": 128");
        String detokenizer = Lfm2Files.DETOKENIZER.replace("512", "64");
        return new RandomLfm2.Sizes(model, config, detokenizer, 512, 96);
    }

    @Test
    void aRandomFolderOpensAnswersAndExits() throws IOException {
        Path out = folder.resolve("out");

        RandomLfm2.write(small(512), 10, Quantisation.Q8_0, 1, out, ConversionListener.NONE);

        assertThat(out).isDirectoryNotContaining("glob:**/{.*,original*}");
        Answer answer = answer(out, ExitPlan.speech(new ExitPolicy.Periodic("FE", 8)));
        assertThat(answer.reply().steps().stream()
                        .filter(step -> step.modality() == Modality.SPEECH)
                        .map(step -> step.exitLayer()))
                .contains(8, 10);
        assertThat(answer.speech().samples()).isNotEmpty();
    }

    @Test
    void aRandomFolderHasALayerThatAttends() {
        assertThatThrownBy(() -> RandomLfm2.write(
                        RandomLfm2.Sizes.published(SpokenModels.published("lfm2.5-audio-1.5b")),
                        2,
                        Quantisation.Q8_0,
                        1,
                        folder.resolve("out"),
                        ConversionListener.NONE))
                .hasMessage("layers: expected 3 to the 16 of lfm2.5-audio-1.5b, got 2");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void sizesAreThePublishedOnes() throws IOException {
        PublishedModel published = SpokenModels.published("lfm2.5-audio-1.5b");
        Path file = folder.resolve("config.json");
        Files.writeString(file, Lfm2Files.CONFIG.formatted(16, RandomLfm2.kinds(16)));
        Lfm2Config config = Lfm2Config.read(folder);

        List<TensorDescription> tensors = Lfm2Tensors.model(
                        published.config(), config, 2816, AudioEncoderConfigs.read(config.json()))
                .descriptions();

        long elements = tensors.stream().mapToLong(TensorDescription::elements).sum();
        // Tensors that no part reads: head and norm of the frames' embedding, bookkeeping of 17 norms and 16 numbers of
        // training.
        long unread = 8 * 2049 * 2048 + 2048 + 17 + 16;
        assertThat(2 * (elements + unread)).isBetween(2_940_617_176L - 200_000, 2_940_617_176L);
    }

    private static Answer answer(Path folder, ExitPlan plan) throws IOException {
        Waveform question = WavFile.read(GOLDEN.resolve("wav/b_second24k.wav"));
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = open(folder, threads)) {
            return new Conversation(model, plan, Sampling.GREEDY, Limits.newTokens(40))
                    .ask(new Question.Spoken(question), ReplyListener.NONE);
        }
    }

    private static SpokenModel open(Path folder, ComputePool threads) throws IOException {
        return SpokenModels.open(folder, new OpenOptions(Optional.empty(), Optional.empty()), Kernels.create(threads));
    }
}
