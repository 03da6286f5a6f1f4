package sparrow.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.study.folder.MixedNumerics;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.HeadAgreement.Figures;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainingSettings.HeadShape;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Planted;
import sparrow.train.harvest.Targets;
import sparrow.train.optimiser.Hyperparameters;

/** Training on a store whose best head is known. */
class HeadTrainingTest {
    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private final Kernels kernels = Kernels.create(ComputePool.ofMachine());
    private Planted planted;
    private HarvestStore store;

    @BeforeEach
    void plant() throws IOException {
        planted = new Planted(kernels, arena);
        store = planted.store(folder.resolve("store"), 60, Targets.EXACT);
    }

    @AfterEach
    void release() {
        store.close();
        arena.close();
    }

    static List<HeadShape> shapes() {
        return List.of(new HeadShape.Full(), new HeadShape.LowRank(2), new HeadShape.Translator());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void everyShapeFindsThePlantedHead(HeadShape shape) throws IOException {
        TrainedHead trained = train(store, Planted.settings(shape, HeadVocabulary.FULL, 12), "heads");

        EpochFigures before = trained.epochs().getFirst();
        assertThat(before.epoch()).isZero();
        assertThat(before.heldOut().speech().orElseThrow().agreement()).isLessThan(0.9);
        Figures after = trained.best().heldOut().speech().orElseThrow();
        // What is left is the rounding of states to f16 and the last of Adam's steps.
        assertThat(after.divergence()).isBetween(-1e-4, 0.01);
        assertThat(after.agreement()).isGreaterThan(0.96);
        assertThat(trained.best().heldOut().text().orElseThrow().divergence()).isLessThan(0.01);
        assertThat(trained.epochs().getLast().trainingLoss())
                .isLessThan(trained.epochs().get(1).trainingLoss());
        // As the engine runs it, from the file in f16.
        Figures run = evaluated("heads").speech().orElseThrow();
        assertThat(run.divergence()).isLessThan(0.01);
        assertThat(run.positions()).isGreaterThan(after.positions());
    }

    @Test
    void fullHeadIsThePlantedMatrix() throws IOException {
        train(store, Planted.settings(new HeadShape.Full(), HeadVocabulary.FULL, 30), "heads");

        try (Checkpoint file = Safetensors.open(folder.resolve("heads/heads.safetensors"))) {
            float[] actual = centred(file.floats("head.1.weight", Planted.VOCABULARY, Planted.WIDTH));
            float[] expected = centred(planted.head());
            double difference = 0;
            double size = 0;
            for (int i = 0; i < actual.length; i++) {
                difference += Math.pow(actual[i] - expected[i], 2);
                size += Math.pow(expected[i], 2);
            }
            assertThat(Math.sqrt(difference / size)).isLessThan(0.1);
        }
    }

    /** A vector that all rows share adds the same to every score, which no softmax sees. */
    private static float[] centred(float[] matrix) {
        for (int c = 0; c < Planted.WIDTH; c++) {
            float mean = 0;
            for (int r = 0; r < Planted.VOCABULARY; r++) mean += matrix[r * Planted.WIDTH + c] / Planted.VOCABULARY;
            for (int r = 0; r < Planted.VOCABULARY; r++) matrix[r * Planted.WIDTH + c] -= mean;
        }
        return matrix;
    }

    @Test
    void targetsOfTheLikeliestTokensAloneLeadThereToo() throws IOException {
        try (HarvestStore top = new Planted(kernels, arena).store(folder.resolve("top"), 60, new Targets(12))) {
            TrainedHead trained = train(top, Planted.settings(new HeadShape.Full(), HeadVocabulary.FULL, 12), "heads");

            Figures after = trained.best().heldOut().speech().orElseThrow();
            assertThat(after.divergence()).isBetween(-1e-4, 0.02);
            assertThat(after.agreement()).isGreaterThan(0.95);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void headOfSpeechKnowsNoTextAndIsTrainedAtSpeechAlone(HeadShape shape) throws IOException {
        TrainedHead trained = train(store, Planted.settings(shape, HeadVocabulary.SPEECH, 8), "heads");

        assertThat(trained.best().heldOut().text()).isEmpty();
        assertThat(trained.best().heldOut().speech().orElseThrow().divergence()).isLessThan(0.03);
        try (Checkpoint file = Safetensors.open(folder.resolve("heads/heads.safetensors"))) {
            int[] tokens = file.tensor("head.1.tokens").toInts();
            assertThat(tokens).hasSize(29).startsWith(0, 20, 21).endsWith(46, 47);
            assertThat(file.has("head.1.weight")).isNotEqualTo(shape instanceof HeadShape.Translator);
        }
        assertThat(evaluated("heads").text()).isEmpty();
        assertThat(evaluated("heads").speech().orElseThrow().divergence()).isLessThan(0.03);
    }

    @Tag("full")
    @ParameterizedTest(name = "stopped after {0} steps")
    @ValueSource(ints = {3, 43, 44, 60})
    void trainingThatWasStoppedGoesOnToTheBit(int steps) throws IOException {
        TrainingSettings settings = Planted.settings(new HeadShape.LowRank(4), HeadVocabulary.FULL, 3);
        train(store, settings, "whole");

        assertThatThrownBy(() -> new HeadTraining(planted.model(), store, settings)
                        .into(folder.resolve("parts"), "test", MixedNumerics.REFUSED, interruptAfter(steps)))
                .isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(folder.resolve("parts/heads.safetensors")).doesNotExist();
        train(store, settings, "parts");

        assertThat(folder.resolve("parts/heads.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole/heads.safetensors"));
        assertThat(folder.resolve("parts")).isDirectoryContaining("glob:**heads.safetensors");
        try (var files = Files.list(folder.resolve("parts"))) {
            assertThat(files).hasSize(1);
        }
    }

    private static TrainingListener interruptAfter(int steps) {
        return new TrainingListener() {
            private int done;

            @Override
            public void step(int layer) {
                if (++done == steps) Thread.currentThread().interrupt();
            }
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void numberOfThreadsChangesNothing(HeadShape shape) throws IOException {
        TrainingSettings settings = Planted.settings(shape, HeadVocabulary.FULL, 2);
        train(store, settings, "two");

        try (ComputePool three = new ComputePool(3)) {
            Planted again = new Planted(Kernels.create(three), arena);
            new HeadTraining(again.model(), store, settings)
                    .into(folder.resolve("three"), "test", MixedNumerics.REFUSED, TrainingListener.NONE);
        }

        assertThat(folder.resolve("three/heads.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("two/heads.safetensors"));
    }

    @Test
    void anotherSeedMakesOtherHeads() throws IOException {
        TrainingSettings settings = Planted.settings(new HeadShape.Full(), HeadVocabulary.FULL, 2);
        train(store, settings, "one");
        train(store, seed(settings, 6), "two");

        assertThat(Files.mismatch(folder.resolve("one/heads.safetensors"), folder.resolve("two/heads.safetensors")))
                .isNotNegative();
    }

    private static TrainingSettings seed(TrainingSettings s, long seed) {
        return new TrainingSettings(
                s.layers(),
                s.vocabulary(),
                s.norm(),
                s.shape(),
                Planted.hyperparameters(s.hyperparameters().epochs(), seed));
    }

    @Test
    void trainingEndsWhenNothingGetsBetterAndTheBestEpochCounts() throws IOException {
        TrainingSettings s = Planted.settings(new HeadShape.Full(), HeadVocabulary.FULL, 40);
        // Steps that are far too large.
        TrainingSettings wild = new TrainingSettings(
                s.layers(),
                s.vocabulary(),
                s.norm(),
                s.shape(),
                new Hyperparameters(40, 32, 20, 0, 0, 0.5, 0.1, 3, 1000, 5));

        TrainedHead trained = train(store, wild, "heads");

        assertThat(trained.best().epoch()).isZero();
        assertThat(trained.epochs()).hasSize(4);
        // Nothing helped, so the head is the output matrix.
        assertThat(evaluated("heads").speech().orElseThrow().agreement())
                .isCloseTo(
                        trained.epochs()
                                .getFirst()
                                .heldOut()
                                .speech()
                                .orElseThrow()
                                .agreement(),
                        within(0.1));
    }

    @Test
    void checkpointOfAnotherTrainingIsRefused() throws IOException {
        TrainingSettings settings = Planted.settings(new HeadShape.Full(), HeadVocabulary.FULL, 3);
        assertThatThrownBy(() -> new HeadTraining(planted.model(), store, settings)
                        .into(folder.resolve("heads"), "test", MixedNumerics.REFUSED, interruptAfter(5)))
                .isInstanceOf(ClosedByInterruptException.class);

        assertThatThrownBy(() -> train(store, seed(settings, 6), "heads"))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve("heads/training.1.safetensors")
                        + ": seed: this run was started with 5, expected the same, got 6;"
                        + " use another folder for other settings");
        // Checkpoints may be written more or less often.
        assertThat(settings.with(store, 1, "").json().has("patience")).isTrue();
        assertThat(settings.with(store, 1, "").json().has("checkpoint")).isFalse();
    }

    @Test
    void foldersThatHoldSomethingElseAreRefused() throws IOException {
        TrainingSettings settings = Planted.settings(new HeadShape.Full(), HeadVocabulary.FULL, 1);
        train(store, settings, "heads");
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/notes.txt"), "mine");

        assertThatThrownBy(() -> train(store, settings, "heads"))
                .hasMessage(folder.resolve("heads") + ": holds trained heads already; choose another --out");
        assertThatThrownBy(() -> train(store, settings, "other"))
                .hasMessage(folder.resolve("other") + ": expected a new or empty folder, or one with checkpoints");
        assertThatThrownBy(() -> train(store, settings, "other/notes.txt")).hasMessageContaining("expected a folder");
    }

    @Test
    void layersThatTheStoreLacksAreRefused() {
        TrainingSettings s = Planted.settings(new HeadShape.Full(), HeadVocabulary.FULL, 1);
        TrainingSettings two =
                new TrainingSettings(List.of(1, 2), s.vocabulary(), s.norm(), s.shape(), s.hyperparameters());

        assertThatThrownBy(() -> new HeadTraining(planted.model(), store, two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layers: expected some of [1], which the store contains, got 2");
    }

    private TrainedHead train(HarvestStore from, TrainingSettings settings, String out) throws IOException {
        return new HeadTraining(planted.model(), from, settings)
                .into(folder.resolve(out), "test", MixedNumerics.REFUSED, TrainingListener.NONE)
                .getFirst();
    }

    /** The figures of a file of heads over the whole store. */
    private HeadAgreement evaluated(String heads) throws IOException {
        Transformer transformer = planted.languageModel().transformer();
        try (Checkpoint file = Safetensors.open(folder.resolve(heads).resolve("heads.safetensors"))) {
            ExitHeads read = ExitHeads.read(file, transformer, matrix -> kernels.pack(matrix, arena));
            LanguageModel model = new LanguageModel(
                    transformer,
                    read,
                    planted.languageModel().tokens(),
                    planted.languageModel().interleave());
            return new HeadEvaluation(Planted.spoken(model), store).figures().get(1);
        }
    }
}
