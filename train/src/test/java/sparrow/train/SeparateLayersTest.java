package sparrow.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.study.folder.MixedNumerics;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainedHead.FiguresJson;
import sparrow.train.TrainingSettings.HeadShape;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Planted;
import sparrow.train.harvest.Targets;

/** Layers that are trained by whoever sees the folders, and joined: the heads of one go. */
class SeparateLayersTest {
    private static final String HEADS = "heads.safetensors";

    @TempDir
    private Path folder;

    private Path out;

    @BeforeEach
    void harvest() throws IOException {
        try (Arena arena = Arena.ofShared();
                ComputePool pool = new ComputePool(1)) {
            new Planted(Kernels.create(pool), arena)
                    .store(folder.resolve("store"), 20, Targets.EXACT, List.of(1, 2))
                    .close();
        }
        out = folder.resolve("out");
    }

    /** As another process has it: a model, a store and threads of its own. */
    private final class Process implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final ComputePool pool = new ComputePool(2);
        private final Planted planted = new Planted(Kernels.create(pool), arena);
        private final HarvestStore store;
        private final HeadTraining training;

        Process(TrainingSettings settings) throws IOException {
            store = HarvestStore.open(folder.resolve("store"));
            training = new HeadTraining(planted.model(), store, settings);
        }

        TrainedHead layer(int layer, TrainingListener listener) throws IOException {
            return training.layer(out, layer, MixedNumerics.REFUSED, listener);
        }

        @Override
        public void close() {
            store.close();
            pool.close();
            arena.close();
        }
    }

    private static TrainingSettings settings(HeadShape shape, HeadVocabulary vocabulary, int epochs) {
        TrainingSettings s = Planted.settings(shape, vocabulary, epochs);
        return new TrainingSettings(List.of(1, 2), s.vocabulary(), s.norm(), s.shape(), s.hyperparameters());
    }

    private static TrainingSettings settings() {
        return settings(new HeadShape.LowRank(2), HeadVocabulary.FULL, 2);
    }

    private List<TrainedHead> inOneGo(TrainingSettings settings) throws IOException {
        try (Process process = new Process(settings)) {
            return process.training.into(folder.resolve("whole"), "test", MixedNumerics.REFUSED, TrainingListener.NONE);
        }
    }

    private void joined(TrainingSettings settings, List<TrainedHead> expected) throws IOException {
        try (Process driver = new Process(settings)) {
            assertThat(driver.training.join(out, "test")).isEqualTo(expected);
        }
        assertThat(out.toFile().list()).containsExactly(HEADS);
        assertThat(out.resolve(HEADS))
                .hasSameBinaryContentAs(folder.resolve("whole").resolve(HEADS));
    }

    static List<TrainingSettings> kinds() {
        List<TrainingSettings> kinds = new ArrayList<>();
        for (HeadVocabulary vocabulary : List.of(HeadVocabulary.FULL, HeadVocabulary.SPEECH)) {
            kinds.add(settings(new HeadShape.Full(), vocabulary, 1));
            kinds.add(settings(new HeadShape.LowRank(2), vocabulary, 1));
            kinds.add(settings(new HeadShape.Translator(), vocabulary, 1));
        }
        return kinds;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void layersInAnotherOrderMakeTheHeadsOfOneGo(TrainingSettings settings) throws IOException {
        List<TrainedHead> whole = inOneGo(settings);
        try (Process driver = new Process(settings)) {
            assertThat(driver.training.begin(out, MixedNumerics.REFUSED)).isFalse();
        }
        for (int layer : new int[] {2, 1}) {
            try (Process worker = new Process(settings)) {
                assertThat(worker.layer(layer, TrainingListener.NONE)).isEqualTo(whole.get(layer - 1));
            }
        }

        joined(settings, whole);
    }

    /** Of two layers, and of the same one: neither is ahead of the other by more than a step. */
    @ParameterizedTest(name = "layers 1 and {0}")
    @ValueSource(ints = {1, 2})
    void layersAtOnceMakeTheHeadsOfOneGo(int other) throws Exception {
        List<TrainedHead> whole = inOneGo(settings());
        try (Process driver = new Process(settings())) {
            driver.training.begin(out, MixedNumerics.REFUSED);
        }
        CyclicBarrier together = new CyclicBarrier(2);
        TrainingListener inStep = new TrainingListener() {
            @Override
            public void begin(int layer, int done, int steps) {
                step(layer);
            }

            @Override
            public void step(int layer) {
                try {
                    together.await();
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new AssertionError(e);
                }
            }
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Callable<TrainedHead>> both = new ArrayList<>();
            for (int layer : new int[] {1, other}) {
                both.add(() -> {
                    try (Process worker = new Process(settings())) {
                        return worker.layer(layer, inStep);
                    } catch (IOException | RuntimeException e) {
                        together.reset(); // The other one would wait for ever.
                        throw e;
                    }
                });
            }
            List<Future<TrainedHead>> trained = threads.invokeAll(both);
            assertThat(trained.get(0).get()).isEqualTo(whole.get(0));
            assertThat(trained.get(1).get()).isEqualTo(whole.get(other - 1));
        }
        assertThat(out.toFile().list()).noneMatch(name -> name.endsWith(".part"));
        try (Process worker = new Process(settings())) {
            worker.layer(2, TrainingListener.NONE);
        }

        joined(settings(), whole);
    }

    @Test
    void layerThatIsThereIsNotTrainedAgainAndTellsTheSame() throws IOException {
        List<TrainedHead> whole = inOneGo(settings());
        List<EpochFigures> told = new ArrayList<>();
        try (Process worker = new Process(settings())) {
            worker.training.begin(out, MixedNumerics.REFUSED);
            worker.layer(1, TrainingListener.NONE);
        }
        try (Process worker = new Process(settings())) {
            TrainedHead again = worker.layer(1, new TrainingListener() {
                @Override
                public void step(int layer) {
                    throw new AssertionError("trained again");
                }

                @Override
                public void epoch(int layer, EpochFigures figures) {
                    told.add(figures);
                }
            });
            assertThat(again).isEqualTo(whole.getFirst());
            assertThat(told).isEqualTo(again.epochs());
        }
    }

    @Test
    void layerThatWasStoppedIsGoneOnWithByAnother() throws IOException {
        List<TrainedHead> whole = inOneGo(settings());
        try (Process worker = new Process(settings())) {
            worker.training.begin(out, MixedNumerics.REFUSED);
            worker.layer(2, TrainingListener.NONE);
            assertThatThrownBy(() -> worker.layer(1, new TrainingListener() {
                        private int done;

                        @Override
                        public void step(int layer) {
                            if (++done == 9) Thread.currentThread().interrupt();
                        }
                    }))
                    .isInstanceOf(ClosedByInterruptException.class);
        }
        int[] behind = new int[1];
        try (Process worker = new Process(settings())) {
            worker.layer(1, new TrainingListener() {
                @Override
                public void begin(int layer, int done, int steps) {
                    behind[0] = done;
                }
            });
        }
        assertThat(behind[0]).isEqualTo(9);

        joined(settings(), whole);
    }

    /** The one that joins is killed before the heads of single layers are gone: the next one joins to the end. */
    @Tag("full")
    @Test
    void joiningAgainTellsWhatCameOut() throws IOException {
        List<TrainedHead> whole = inOneGo(settings());
        Path left = Files.createDirectories(out).resolve("head.2.safetensors");
        Files.copy(folder.resolve("whole").resolve(HEADS), out.resolve(HEADS));
        Files.write(left, new byte[3]);

        try (Process driver = new Process(settings())) {
            assertThat(driver.training.begin(out, MixedNumerics.REFUSED)).isTrue();
            assertThat(driver.training.join(out, "test"))
                    .extracting(TrainedHead::best)
                    .isEqualTo(whole.stream().map(TrainedHead::best).toList());
        }
        assertThat(out.toFile().list()).containsExactly(HEADS);
    }

    @Test
    void headsThatAreMissingOrOfOtherSettingsAreNotJoined() throws IOException {
        try (Process worker = new Process(settings())) {
            worker.training.begin(out, MixedNumerics.REFUSED);
            worker.layer(1, TrainingListener.NONE);
            assertThatThrownBy(() -> worker.training.join(out, "test"))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(out.resolve("head.2.safetensors") + ": no such file; the layer must be trained first");
            assertThatThrownBy(() -> worker.layer(3, TrainingListener.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("layer: expected one of [1, 2], got 3");
            worker.layer(2, TrainingListener.NONE);
        }
        String refusal = out.resolve("head.1.safetensors") + ": epochs: this run was started with 2, expected the same,"
                + " got 3; use another folder for other settings";
        try (Process other = new Process(settings(new HeadShape.LowRank(2), HeadVocabulary.FULL, 3))) {
            assertThatThrownBy(() -> other.training.join(out, "test")).hasMessage(refusal);
            assertThatThrownBy(() -> other.layer(1, TrainingListener.NONE)).hasMessage(refusal);
        }
        assertThat(out.toFile().list())
                .containsExactlyInAnyOrder(
                        "head.1.safetensors", "head.2.safetensors", "training.1.safetensors", "training.2.safetensors");
    }

    /** Whoever joins has computed nothing; whoever trains must not mix unasked. */
    @Test
    void headOfAnotherMachineIsJoinedAndNamed() throws IOException {
        try (Process worker = new Process(settings())) {
            worker.training.begin(out, MixedNumerics.REFUSED);
            for (int layer : new int[] {1, 2}) worker.layer(layer, TrainingListener.NONE);
            String own = worker.planted.model().numerics();
            String other = own.replaceFirst("[0-9a-f]{12}$", "0123456789ab");
            Path head = out.resolve("head.1.safetensors");
            String bytes = Files.readString(head, StandardCharsets.ISO_8859_1);
            assertThat(bytes).contains(own);
            Files.writeString(head, bytes.replace(own, other), StandardCharsets.ISO_8859_1);

            assertThatThrownBy(() -> worker.layer(1, TrainingListener.NONE))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageStartingWith(head + ": arithmetic: this run was started with \"" + other + "\"");
            worker.training.join(out, "test");
            try (Checkpoint joined = Safetensors.open(out.resolve(HEADS))) {
                assertThat(joined.metadata().get("arithmetic")).isEqualTo(other + "; " + own);
            }
        }
    }

    @Test
    void figuresOfATrainingTravelAsJson() throws IOException {
        for (TrainedHead head : inOneGo(settings())) {
            String text = FiguresJson.of(head).toString();
            assertThat(FiguresJson.trainedHead(new ObjectMapper().readTree(text)))
                    .isEqualTo(head);
        }
        for (String text : List.of("{}", "[]", "{\"layer\": 1, \"best_epoch\": 3, \"epochs\": [{\"epoch\": 2}]}")) {
            assertThatThrownBy(() -> FiguresJson.trainedHead(new ObjectMapper().readTree(text)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("best_epoch: expected one of");
        }
        assertThatThrownBy(() -> FiguresJson.trainedHead(
                        new ObjectMapper().readTree("{\"best_epoch\": 2, \"epochs\": [{\"epoch\": 2}]}")))
                .hasMessageStartingWith("layer: expected 1 or more");
    }
}
