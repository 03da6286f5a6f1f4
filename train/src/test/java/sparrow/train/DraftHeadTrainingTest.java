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
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.DraftHead;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Safetensors;
import sparrow.study.folder.MixedNumerics;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.DraftHeadTraining.DraftTrainingSettings;
import sparrow.train.HeadAgreement.Figures;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainingSettings.HeadShape;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Planted;
import sparrow.train.harvest.Targets;

/** Training on a store along which a known draft head is always right. */
class DraftHeadTrainingTest {
    private static final String HEAD = "step-head.safetensors";

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private final ComputePool pool = ComputePool.ofMachine();
    private final Kernels kernels = Kernels.create(pool);
    private Planted planted;
    private DraftHead right;
    private HarvestStore store;

    @BeforeEach
    void plant() throws IOException {
        planted = new Planted(kernels, arena);
        right = planted.draftHead(arena);
        store = planted.walk(folder.resolve("store"), 80, right);
    }

    @AfterEach
    void release() {
        store.close();
        arena.close();
        pool.close();
    }

    private static DraftTrainingSettings settings(int epochs) {
        return new DraftTrainingSettings(3, Planted.hyperparameters(epochs));
    }

    @Test
    void headThatWasPlantedIsRightAtEveryStep() {
        List<HeadAgreement> figures = evaluated(right);

        assertThat(figures).hasSize(3);
        for (int step = 1; step <= 3; step++) {
            // What is left is the rounding of states to f16. Of 25 positions 15 are speech, in runs of five.
            Figures speech = figures.get(step - 1).speech().orElseThrow();
            Figures text = figures.get(step - 1).text().orElseThrow();
            assertThat(speech.agreement()).isGreaterThan(0.98);
            assertThat(text.agreement()).isGreaterThan(0.98);
            assertThat(speech.divergence()).isBetween(-1e-4, 0.01);
            assertThat(speech.positions() + text.positions()).isEqualTo(80L * (25 - step));
        }
    }

    @Test
    void trainingComesNearThePlantedHead() throws IOException {
        TrainedHead trained = train(settings(12), "heads");

        EpochFigures before = trained.epochs().getFirst();
        EpochFigures after = trained.best();
        assertThat(before.further()).hasSize(2);
        assertThat(after.heldOut().speech().orElseThrow().agreement()).isGreaterThan(0.93);
        assertThat(after.heldOut().speech().orElseThrow().divergence()).isBetween(-1e-4, 0.02);
        Figures began = before.further().getLast().speech().orElseThrow();
        assertThat(began.agreement()).isLessThan(0.7);
        Figures ended = after.further().getLast().speech().orElseThrow();
        assertThat(ended.agreement()).isGreaterThan(0.88);
        assertThat(ended.divergence()).isLessThan(began.divergence() / 5);
        assertThat(after.heldOutLoss()).isLessThan(before.heldOutLoss());
        assertThat(trained.epochs().getLast().trainingLoss())
                .isLessThan(trained.epochs().get(1).trainingLoss());
        // As the engine runs it, from the file in f16: over all replies as on those held out.
        try (Safetensors file = Safetensors.open(folder.resolve("heads").resolve(HEAD))) {
            assertThat(file.metadata()).containsEntry("trained_steps", "3").containsKey("training");
            // In every process: an order by chance would make other bytes of the same head.
            assertThat(file.names()).containsExactly("step.A.bias", "step.A.weight", "step.B.weight");
            DraftHead head =
                    DraftHead.read(file, planted.languageModel().transformer(), matrix -> kernels.pack(matrix, arena));
            assertThat(evaluated(head).getFirst().speech().orElseThrow().agreement())
                    .isCloseTo(after.heldOut().speech().orElseThrow().agreement(), within(0.1));
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "stopped after {0} steps")
    @ValueSource(ints = {3, 57, 58, 70})
    void trainingThatWasStoppedGoesOnToTheBit(int steps) throws IOException {
        train(settings(2), "whole");
        Path parts = folder.resolve("parts");

        assertThatThrownBy(() -> new DraftHeadTraining(planted.model(), store, settings(2))
                        .into(parts, "test", MixedNumerics.REFUSED, interruptAfter(steps)))
                .isInstanceOf(ClosedByInterruptException.class);
        assertThat(parts.resolve(HEAD)).doesNotExist();
        assertThat(parts.resolve("training.step.safetensors")).exists();
        TrainedHead trained = train(settings(2), "parts");

        assertThat(parts.resolve(HEAD))
                .hasSameBinaryContentAs(folder.resolve("whole").resolve(HEAD));
        assertThat(parts.toFile().list()).containsExactly(HEAD);
        assertThat(trained.best().further()).hasSize(2);
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

    @Test
    void sameTrainingMakesTheSameBytesWhateverTheThreadsAndAnotherSeedDoesNot() throws IOException {
        train(settings(2), "one");
        train(settings(2), "two");
        train(new DraftTrainingSettings(3, Planted.hyperparameters(2, 6)), "other");
        try (ComputePool three = new ComputePool(3)) {
            Planted again = new Planted(Kernels.create(three), arena);
            new DraftHeadTraining(again.model(), store, settings(2))
                    .into(folder.resolve("three"), "test", MixedNumerics.REFUSED, TrainingListener.NONE);
        }

        Path one = folder.resolve("one").resolve(HEAD);
        assertThat(folder.resolve("two").resolve(HEAD)).hasSameBinaryContentAs(one);
        assertThat(folder.resolve("three").resolve(HEAD)).hasSameBinaryContentAs(one);
        assertThat(Files.mismatch(one, folder.resolve("other").resolve(HEAD))).isNotNegative();
    }

    @Test
    void checkpointOfAnotherTrainingIsRefused() {
        Path out = folder.resolve("heads");
        assertThatThrownBy(() -> new DraftHeadTraining(planted.model(), store, settings(2))
                        .into(out, "test", MixedNumerics.REFUSED, interruptAfter(5)))
                .isInstanceOf(ClosedByInterruptException.class);

        assertThatThrownBy(() -> train(new DraftTrainingSettings(2, Planted.hyperparameters(2)), "heads"))
                .isInstanceOf(BadFileException.class)
                .hasMessage(
                        out.resolve("training.step.safetensors") + ": steps: this run was started with 3, expected the"
                                + " same, got 2; use another folder for other settings");
    }

    @Test
    void headLiesBesideExitHeadsAndNeverReplacesOne() throws IOException {
        new HeadTraining(planted.model(), store, Planted.settings(new HeadShape.LowRank(2), HeadVocabulary.FULL, 1))
                .into(folder.resolve("heads"), "test", MixedNumerics.REFUSED, TrainingListener.NONE);
        train(settings(1), "heads");

        assertThat(folder.resolve("heads").toFile().list()).containsExactlyInAnyOrder("heads.safetensors", HEAD);
        assertThatThrownBy(() -> train(settings(1), "heads"))
                .hasMessage(folder.resolve("heads") + ": holds trained heads already; choose another --out");
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/notes.txt"), "mine");
        assertThatThrownBy(() -> train(settings(1), "other"))
                .hasMessage(folder.resolve("other") + ": expected a new or empty folder, or one with checkpoints");
    }

    @Test
    void storeWithoutTheLastStatesIsRefused() throws IOException {
        try (HarvestStore top = planted.store(folder.resolve("top"), 4, new Targets(5))) {
            assertThatThrownBy(() -> new DraftHeadTraining(planted.model(), top, settings(1)))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(folder.resolve("top/store.json") + ": targets: expected exact, which keeps the states"
                            + " after the last layer, found topk:5");
        }
    }

    @Test
    void numbersOfStepsThatNoHeadHasAreRefused() {
        for (int steps : new int[] {0, 65}) {
            assertThatThrownBy(() -> new DraftTrainingSettings(steps, Planted.hyperparameters(1)))
                    .hasMessage("steps: expected 1 to 64, got " + steps);
        }
        assertThatThrownBy(() -> new DraftHeadEvaluation(planted.model(), store))
                .hasMessage("heads: expected a draft head, found none");
    }

    private TrainedHead train(DraftTrainingSettings settings, String out) throws IOException {
        return new DraftHeadTraining(planted.model(), store, settings)
                .into(folder.resolve(out), "test", MixedNumerics.REFUSED, TrainingListener.NONE);
    }

    private List<HeadAgreement> evaluated(DraftHead head) {
        Transformer transformer = planted.languageModel().transformer();
        LanguageModel model = new LanguageModel(
                transformer,
                ExitHeads.none(transformer).withDraft(head),
                planted.languageModel().tokens(),
                planted.languageModel().interleave());
        return new DraftHeadEvaluation(Planted.spoken(model), store).figures();
    }
}
