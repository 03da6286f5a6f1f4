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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.SpeechMarks;
import sparrow.engine.interleave.SpeechTokens;
import sparrow.engine.interleave.TokenSpace;
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
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.models.stepaudio.StepAudioConfig;
import sparrow.models.stepaudio.StepAudioFamily;
import sparrow.models.stepaudio.StepAudioTokens;
import sparrow.models.stepaudio.Token2WavConfigs;
import sparrow.speech.hift.HiftConfig;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Folders of random weights: what they hold is what checkpoints hold, and they open as any other. */
class RandomStepAudioTest {
    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "step-audio-2-mini/ckpt");

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

    /** Both names of weight norm, which a checkpoint may have, are one here. */
    private static Map<String, List<Integer>> shapes(Checkpoint checkpoint, String... prefixes) {
        Map<String, List<Integer>> shapes = new TreeMap<>();
        for (String name : checkpoint.names()) {
            if (List.of(prefixes).stream().noneMatch(name::startsWith)) continue;
            String plain = name.replaceFirst("^generator\\.", "")
                    .replace(".parametrizations.weight.original0", ".weight_g")
                    .replace(".parametrizations.weight.original1", ".weight_v");
            shapes.put(plain, checkpoint.tensor(name).shape());
        }
        return shapes;
    }

    private static long elements(List<TensorDescription> tensors, String prefix) {
        return tensors.stream()
                .filter(tensor -> tensor.name().startsWith(prefix))
                .mapToLong(TensorDescription::elements)
                .sum();
    }

    /** By checkpoints that the official modules saved, of other sizes. */
    @Test
    void namesAndShapesAreThoseOfTheOfficialModules() throws IOException {
        StepAudioConfig config = StepAudioConfig.read(GOLDEN);
        try (Checkpoint model = SafetensorsFolder.open(GOLDEN);
                Checkpoint flow = TorchZip.open(GOLDEN.resolve("token2wav/flow.pt"));
                Checkpoint hift = TorchZip.open(GOLDEN.resolve("token2wav/hift.pt"))) {
            int adaptor = model.tensor("adapter.linear1.weight").shape().getFirst();
            assertThat(shapes(StepAudioTensors.audioEncoder(config.audioEncoder(), adaptor)
                            .descriptions()))
                    .isEqualTo(shapes(model, "encoder.", "adapter."));
            assertThat(shapes(StepAudioTensors.flow(Token2WavConfigs.read(GOLDEN.resolve("token2wav/flow.yaml")))
                            .descriptions()))
                    .isEqualTo(shapes(flow, ""));
            Map<String, List<Integer>> stored = shapes(hift, "");
            int channels = stored.get("conv_pre.weight_g").getFirst();
            int pitch = stored.get("f0_predictor.condnet.0.weight_g").getFirst();
            assertThat(shapes(HiftTensors.of(HiftConfig.token2wav(channels, pitch))
                            .descriptions()))
                    .isEqualTo(stored);
        }
    }

    /** The numbers of parameters of the published files. */
    @Test
    void sizesAreThePublishedOnes() throws IOException {
        Files.writeString(folder.resolve("config.json"), StepAudioFiles.CONFIG.formatted(28));
        Files.writeString(folder.resolve("flow.yaml"), StepAudioFiles.FLOW);
        StepAudioConfig config = StepAudioConfig.read(folder);
        PublishedModel published = new StepAudioFamily().published();

        List<TensorDescription> encoder =
                StepAudioTensors.audioEncoder(config.audioEncoder(), 2048).descriptions();

        assertThat(config.transformer()).isEqualTo(published.config());
        assertThat(elements(encoder, "encoder.")).isEqualTo(636_968_960);
        assertThat(elements(encoder, "adapter.")).isEqualTo(14_883_584);
        assertThat(elements(
                        StepAudioTensors.flow(Token2WavConfigs.read(folder.resolve("flow.yaml")))
                                .descriptions(),
                        ""))
                .isEqualTo(155_802_352);
        assertThat(elements(HiftTensors.of(HiftConfig.token2wav(512, 512)).descriptions(), ""))
                .isEqualTo(20_821_295);
        Map<Integer, String> added = RandomStepAudio.addedTokens(RandomStepAudio.Sizes.published(published));
        assertThat(added).hasSize(published.tokens().usable() - 151_643);
        assertThat(added)
                .containsEntry(151_665, "<|EOT|>")
                .containsEntry(151_666, "<|BOT|>")
                .containsEntry(151_688, "<audio_start>")
                .containsEntry(151_693, "<tts_start>")
                .containsEntry(151_695, "<tts_pad>")
                .containsEntry(151_696, "<audio_0>");
    }

    private static RandomStepAudio.Sizes small() throws IOException {
        return small(700, 81, 96, 1024);
    }

    /**
     * Returns the sizes of a small model.
     *
     * @param text number of byte-pair tokens
     * @param codes number of codes of the flow
     * @param audio number of audio tokens
     * @param rows number of rows in the embedding
     */
    static RandomStepAudio.Sizes small(int text, int codes, int audio, int rows) throws IOException {
        int offset = text + 53;
        PublishedModel model = new PublishedModel(
                "small",
                Architecture.QWEN2,
                new TransformerConfig(
                        4, 64, 4, 2, 16, 160, rows, 16_384, 1e-6f, new Rope(16, 1e6, Rope.Pairing.HALVES)),
                new TokenSpace(
                        offset - 8,
                        new SpeechTokens(
                                offset, codes, audio, Optional.of(new SpeechMarks(offset - 3, offset - 2, offset - 1))),
                        offset + audio,
                        Set.of(text, text + 2, text + 22)),
                StepAudioTokens.INTERLEAVE,
                List.of(3));
        String config = Files.readString(GOLDEN.resolve("config.json"))
                .replace("\"vocab_size\": 768", "\"vocab_size\": " + rows)
                .replace("\"num_hidden_layers\": 6", "\"num_hidden_layers\": %d");
        return new RandomStepAudio.Sizes(
                model,
                text,
                config,
                Files.readString(GOLDEN.resolve("token2wav/flow.yaml"))
                        .replace("vocab_size: 81", "vocab_size: " + codes),
                48,
                32);
    }

    @Tag("full")
    @Test
    void aFolderOpensAndAnswersAndItsNumbersStayFinite() throws IOException {
        Path out = folder.resolve("out");
        RandomStepAudio.write(small(), 4, Quantisation.Q4_0, 1, out, ConversionListener.NONE);

        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.open(
                        out, new OpenOptions(Optional.empty(), Optional.empty()), Kernels.create(pool))) {
            assertThat(model.name()).isEqualTo("small of random weights");
            assertThat(model.languageModel().heads().layers()).containsExactly(3);
            assertThat(model.languageModel().tokens()).isEqualTo(small().model().tokens());
            Conversation conversation = new Conversation(model, ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(60));
            int[] codes = IntStream.range(0, 60).map(i -> 753 + i).toArray();
            Answer answer = conversation.ask(new Question.Spoken(tone()), Unit.tokens(codes), ReplyListener.NONE);

            assertThat(answer.prompt().embeddings()).hasSize(1);
            assertThat(answer.speech().seconds()).isEqualTo(60 / 25.0);
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
        RandomStepAudio.write(small(), 4, Quantisation.Q8_0, 5, folder.resolve("a"), ConversionListener.NONE);
        RandomStepAudio.write(small(), 4, Quantisation.Q8_0, 5, folder.resolve("b"), ConversionListener.NONE);

        for (String file : List.of(
                "model.gguf",
                "heads/heads.gguf",
                "audio-encoder.safetensors",
                "token2wav/flow.safetensors",
                "token2wav/hift.safetensors",
                "token2wav/voice.safetensors",
                "added_tokens.json")) {
            assertThat(folder.resolve("a").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("b").resolve(file));
        }
    }
}
