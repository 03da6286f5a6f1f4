package sparrow.bench.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.ExitHead;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.weights.Gguf;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.GgufLanguageModel;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Files of random weights: the layouts and ids of the published models, here with layers of width 32. */
class RandomLanguageModelTest {
    private static final ComputePool POOL = new ComputePool(1);
    private static final Kernels KERNELS = Kernels.create(POOL);

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        POOL.close();
    }

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of(SpokenModels.published("step-audio-2-mini"), Quantisation.Q4_0),
                Arguments.of(SpokenModels.published("step-audio-2-mini"), Quantisation.F16),
                Arguments.of(SpokenModels.published("glm-4-voice-9b"), Quantisation.Q8_0),
                Arguments.of(SpokenModels.published("glm-4-voice-9b"), Quantisation.BF16));
    }

    @ParameterizedTest
    @MethodSource("models")
    void filesAreALanguageModelWithTheExitHeadsOfThePaper(PublishedModel model, Quantisation quantisation)
            throws IOException {
        Path out = folder.resolve("out");

        RandomLanguageModel.write(model, narrow(model, 37), quantisation, 1, out, ConversionListener.NONE);

        try (GgufLanguageModel opened =
                GgufLanguageModel.open(out.resolve("model.gguf"), Optional.empty(), Optional.empty(), KERNELS)) {
            LanguageModel lm = opened.languageModel().orElseThrow();
            assertThat(opened.weightFormat()).isEqualTo("GGUF, " + quantisation.label());
            assertThat(opened.transformer().config()).isEqualTo(narrow(model, 37));
            assertThat(lm.tokens()).isEqualTo(model.tokens());
            assertThat(lm.interleave()).isEqualTo(model.interleave());
            assertThat(lm.heads().layers()).isEqualTo(new TreeSet<>(model.exitLayers(37)));
            ExitHead first = lm.heads().at(lm.heads().layers().first());
            int[] rows = first.tokens();
            assertThat(rows).isEqualTo(model.speechRows()).isSorted().doesNotHaveDuplicates();
            assertThat(rows)
                    .contains(model.tokens().speechOffset(), model.tokens().usable() - 1);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void weightsKeepActivationsNearTheirSize(PublishedModel model, Quantisation quantisation) throws IOException {
        Path out = folder.resolve("out");
        RandomLanguageModel.write(model, narrow(model, 1), quantisation, 1, out, ConversionListener.NONE);

        try (Gguf gguf = Gguf.open(out.resolve("model.gguf"))) {
            float[] down = gguf.tensor("blk.0.ffn_down.weight").toFloats();
            double squares = 0;
            for (float value : down) squares += value * value;
            // 1.15 / sqrt(columns) in every type, as drawn from 32 x 64 elements.
            assertThat(Math.sqrt(squares / down.length) * Math.sqrt(64)).isBetween(1.1, 1.25);
            assertThat(gguf.tensor("output_norm.weight").toFloats()).containsOnly(1);
        }
    }

    @Test
    void theSameSeedGivesTheSameFiles() throws IOException {
        PublishedModel model = SpokenModels.published("step-audio-2-mini");
        for (String name : new String[] {"a", "b", "c"}) {
            long seed = name.equals("c") ? 8 : 7;
            RandomLanguageModel.write(
                    model, narrow(model, 23), Quantisation.Q4_0, seed, folder.resolve(name), ConversionListener.NONE);
        }

        assertThat(folder.resolve("b/model.gguf")).hasSameBinaryContentAs(folder.resolve("a/model.gguf"));
        assertThat(folder.resolve("b/heads/heads.gguf")).hasSameBinaryContentAs(folder.resolve("a/heads/heads.gguf"));
        try (Gguf a = Gguf.open(folder.resolve("a/model.gguf"));
                Gguf c = Gguf.open(folder.resolve("c/model.gguf"))) {
            assertThat(a.tensor("output.weight")
                            .data()
                            .mismatch(c.tensor("output.weight").data()))
                    .isBetween(0L, 10L);
        }
    }

    @Test
    void aModelTooShallowForTheHeadsHasNone() throws IOException {
        PublishedModel model = SpokenModels.published("step-audio-2-mini");

        RandomLanguageModel.write(
                model, narrow(model, 2), Quantisation.Q4_0, 1, folder.resolve("out"), ConversionListener.NONE);

        assertThat(folder.resolve("out/heads")).doesNotExist();
    }

    @Test
    void otherLayersMayHaveTheHeads() throws IOException {
        PublishedModel model = SpokenModels.published("step-audio-2-mini")
                .withExitLayers(List.of(2, 1, 2))
                .withDraftHead();

        RandomLanguageModel.write(
                model, narrow(model, 4), Quantisation.Q4_0, 1, folder.resolve("out"), ConversionListener.NONE);

        try (GgufLanguageModel opened =
                GgufLanguageModel.open(folder.resolve("out/model.gguf"), Optional.empty(), Optional.empty(), KERNELS)) {
            assertThat(opened.heads().layers()).containsExactly(1, 2);
            assertThat(opened.heads().draft())
                    .hasValueSatisfying(step -> assertThat(step.trainedSteps()).isEqualTo(3));
        }
        assertThatThrownBy(() -> model.withExitLayers(List.of(28)))
                .hasMessage("exit layers: expected 1 to 27 for step-audio-2-mini, got 28");
    }

    @Test
    void moreLayersThanTheModelHasAreRefused() {
        assertThatThrownBy(() -> RandomLanguageModel.write(
                        SpokenModels.published("step-audio-2-mini"),
                        29,
                        Quantisation.Q4_0,
                        1,
                        folder.resolve("out"),
                        (t, i, n) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layers: expected 1 to the 28 of step-audio-2-mini, got 29");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void modelsAreFoundByName() {
        assertThat(SpokenModels.published("glm-4-voice-9b").config().layers()).isEqualTo(40);
        assertThatThrownBy(() -> SpokenModels.published("glm"))
                .hasMessage(
                        "model: expected glm-4-voice-9b or step-audio-2-mini or lfm3-audio-2b or lfm2.5-audio-1.5b, got glm");
    }

    private static TransformerConfig narrow(PublishedModel model, int layers) {
        TransformerConfig c = model.config();
        Rope rope =
                new Rope(c.rope().dimensions() / 4, c.rope().base(), c.rope().pairing());
        return new TransformerConfig(
                layers, 32, 1, 1, 32, 64, c.vocabulary(), c.contextLength(), c.normEpsilon(), rope);
    }
}
