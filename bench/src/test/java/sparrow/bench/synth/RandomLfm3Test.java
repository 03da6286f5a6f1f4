package sparrow.bench.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.weights.Gguf;
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
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Random folders of LFM3-Audio have the names and shapes of the maker's files and the sizes of the published model. */
class RandomLfm3Test {
    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "lfm3-audio");

    @TempDir
    private Path folder;

    private static RandomLfm3.Sizes small(int layers) {
        return small(layers, 360, 20);
    }

    /**
     * Returns the sizes of a small model.
     *
     * @param vocabulary number of tokens
     * @param controls number of control tokens, which are the last tokens
     */
    static RandomLfm3.Sizes small(int layers, int vocabulary, int controls) {
        TransformerConfig config = new TransformerConfig(
                layers, 48, 4, 2, 16, 96, vocabulary, 4096, 1e-5f, new Rope(16, 1e6, Rope.Pairing.HALVES, 4));
        PublishedModel model = new PublishedModel(
                "small",
                Architecture.LFM3,
                config,
                TokenSpace.text(vocabulary, Set.of(vocabulary - controls + 7)),
                new InterleaveFormat(6, 12),
                List.of(4));
        return new RandomLfm3.Sizes(
                model,
                7,
                16,
                controls,
                new RandomLfm3.Stack("CCACA", 48, 4, 2, 3, 64),
                6,
                8,
                new RandomLfm3.Stack("AA", 32, 4, 2, 0, 64),
                2017,
                new RandomLfm3.Stack("CACA", 32, 4, 2, 3, 48),
                40);
    }

    /** By a checkpoint that llama.cpp opened, whose last layer is of another kind. */
    @Test
    void namesAndShapesAreThoseOfFilesThatLlamaCppOpened() throws IOException {
        Path out = folder.resolve("out");
        RandomLfm3.write(small(7), 7, Quantisation.BF16, 1, out, ConversionListener.NONE);

        try (Gguf text = Gguf.open(out.resolve("small.gguf"));
                Gguf sound = Gguf.open(out.resolve("mmproj-small.gguf"));
                Gguf goldenText = Gguf.open(GOLDEN.resolve("a/text.gguf"));
                Gguf goldenSound = Gguf.open(GOLDEN.resolve("a/mmproj.gguf"))) {
            Map<String, List<Integer>> expected = shapes(goldenText);
            expected.keySet().removeIf(name -> name.startsWith("blk.7."));
            assertThat(shapes(text)).isEqualTo(expected);
            assertThat(shapes(sound)).isEqualTo(shapes(goldenSound));
            assertThat(text.values().keys())
                    .containsAll(goldenText.values().keys().stream()
                            .filter(key -> key.startsWith("lfm3."))
                            .toList());
        }
    }

    private static Map<String, List<Integer>> shapes(Gguf file) {
        Map<String, List<Integer>> shapes = new TreeMap<>();
        // Axes of length 1 at the end of a bias do not matter.
        for (String name : file.names()) {
            List<Integer> shape = file.tensor(name).shape();
            shapes.put(name, name.endsWith(".bias") ? shape.subList(0, 1) : shape);
        }
        return shapes;
    }

    @Test
    void aRandomFolderOpensAnswersAndExits() throws IOException {
        Path out = folder.resolve("out");
        RandomLfm3.write(small(8), 8, Quantisation.Q8_0, 1, out, ConversionListener.NONE);
        try (ComputePool threads = new ComputePool(2);
                SpokenModel model = SpokenModels.open(
                        out, new OpenOptions(Optional.empty(), Optional.empty()), Kernels.create(threads))) {
            ExitPlan plan = ExitPlan.speech(new ExitPolicy.Periodic("FE", 4));
            Conversation conversation = new Conversation(model, plan, model.defaultSampling(), Limits.newTokens(40));

            Answer answer = conversation.ask(
                    new Question.Spoken(WavFile.read(GOLDEN.resolve("wav/speech.wav"))), ReplyListener.NONE);

            assertThat(answer.reply().steps().stream()
                            .filter(step -> step.modality() == Modality.SPEECH)
                            .map(step -> step.exitLayer()))
                    .contains(4, 8);
            assertThat(answer.speech().samples()).isNotEmpty();
            assertThat(model.callsTools()).isTrue();
        }
    }

    @Test
    void aRandomFolderHasALayerThatAttends() {
        assertThatThrownBy(() -> RandomLfm3.write(
                        RandomLfm3.Sizes.published(SpokenModels.published("lfm3-audio-2b")),
                        2,
                        Quantisation.Q8_0,
                        1,
                        folder.resolve("out"),
                        ConversionListener.NONE))
                .hasMessage("layers: expected 3 to the 24 of lfm3-audio-2b, got 2");
        assertThat(folder).isEmptyDirectory();
    }
}
