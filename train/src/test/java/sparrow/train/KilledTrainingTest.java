package sparrow.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.study.folder.MixedNumerics;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.TrainingSettings.HeadShape;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Planted;
import sparrow.train.harvest.Targets;

/** Every state in which a kill can leave the folder of a training of two layers, from its last step on. */
@Tag("full")
class KilledTrainingTest {
    private static final String HEADS = "heads.safetensors";

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private final Kernels kernels = Kernels.create(ComputePool.ofMachine());
    private Planted planted;
    private HarvestStore store;
    private byte[] heads;
    private final Map<String, byte[]> checkpoints = new TreeMap<>();
    private final Map<String, byte[]> layerHeads = new TreeMap<>();

    @BeforeEach
    void train() throws IOException {
        planted = new Planted(kernels, arena);
        store = planted.store(folder.resolve("store"), 20, Targets.EXACT, List.of(1, 2));
        train(settings(2), folder.resolve("whole"), TrainingListener.NONE);
        heads = Files.readAllBytes(folder.resolve("whole").resolve(HEADS));
        Map<String, byte[]> all = beforeTheHeads();
        assertThat(all)
                .containsOnlyKeys(
                        "training.1.safetensors", "training.2.safetensors", "head.1.safetensors", "head.2.safetensors");
        all.forEach((name, content) -> (name.startsWith("training") ? checkpoints : layerHeads).put(name, content));
    }

    @AfterEach
    void release() {
        store.close();
        arena.close();
    }

    /** The files as they are when the heads are about to be written: here they cannot be. */
    private Map<String, byte[]> beforeTheHeads() throws IOException {
        Path out = folder.resolve("stopped");
        Path taken = out.resolve(HEADS + ".part/taken");
        assertThatThrownBy(() -> train(settings(2), out, new TrainingListener() {
                    @Override
                    public void begin(int layer, int done, int steps) {
                        try {
                            Files.createDirectories(taken);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    }
                }))
                .isInstanceOf(IOException.class);
        Files.delete(taken);
        Files.delete(taken.getParent());
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.toList()) contents.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        return contents;
    }

    @Test
    void trainingGoesOnFromEveryState() throws IOException {
        List<Map<String, byte[]>> states = new ArrayList<>();
        // The head of one layer after the other is written.
        Map<String, byte[]> writing = checkpoints;
        for (var head : layerHeads.entrySet()) {
            states.add(writing);
            states.add(with(writing, head.getKey() + ".0f3.part", Arrays.copyOf(head.getValue(), 99)));
            writing = with(writing, head.getKey(), head.getValue());
        }
        states.add(writing);
        states.add(layerHeads);
        for (int length : new int[] {0, heads.length / 2, heads.length}) {
            states.add(with(writing, HEADS + ".part", Arrays.copyOf(heads, length)));
        }
        // The heads are there, and what was before them is deleted, one file after the other.
        Map<String, byte[]> deleting = with(writing, HEADS, heads);
        for (String file : writing.keySet()) {
            states.add(deleting);
            deleting = without(deleting, file);
        }
        for (int i = 0; i < states.size(); i++) {
            Path out = Files.createDirectories(folder.resolve("state" + i));
            for (var file : states.get(i).entrySet()) Files.write(out.resolve(file.getKey()), file.getValue());
            int[] steps = {0};

            List<TrainedHead> trained = train(settings(2), out, new TrainingListener() {
                @Override
                public void step(int layer) {
                    steps[0]++;
                }
            });

            String state = states.get(i).keySet().toString();
            assertThat(steps[0]).as(state).isZero();
            assertThat(out.toFile().list()).as(state).containsExactly(HEADS);
            assertThat(out.resolve(HEADS)).as(state).hasBinaryContent(heads);
            assertThat(trained).as(state).extracting(TrainedHead::layer).containsExactly(1, 2);
            assertThat(trained).allSatisfy(head -> {
                assertThat(head.epochs().getFirst().epoch()).as(state).isZero();
                assertThat(head.epochs()).as(state).contains(head.best());
            });
        }
    }

    @Test
    void goesOnWhereACheckpointWasBeingWritten() throws IOException {
        Path out = Files.createDirectories(folder.resolve("out"));
        Files.write(out.resolve("training.1.safetensors"), checkpoints.get("training.1.safetensors"));
        for (String part : List.of("training.2.safetensors.part", "training.2.safetensors.0123456789abcdef.part")) {
            Files.write(out.resolve(part), new byte[100]);
        }

        train(settings(2), out, TrainingListener.NONE);

        assertThat(out.toFile().list()).containsExactly(HEADS);
        assertThat(out.resolve(HEADS)).hasBinaryContent(heads);
    }

    @Test
    void headsOfAnotherTrainingAreLeftAlone() throws IOException {
        Path out = Files.createDirectories(folder.resolve("out"));
        Files.write(out.resolve(HEADS), heads);
        for (var file : checkpoints.entrySet()) Files.write(out.resolve(file.getKey()), file.getValue());

        assertThatThrownBy(() -> train(settings(3), out, TrainingListener.NONE))
                .isInstanceOf(BadFileException.class)
                .hasMessage(out + ": holds trained heads already; choose another --out");

        assertThat(out.toFile().list()).hasSize(3);
        assertThat(out.resolve(HEADS)).hasBinaryContent(heads);
    }

    @Test
    void trainingOfAnotherMachineIsRefusedOrMixedAndMarked() throws IOException {
        String own = planted.model().numerics();
        // Of the same length, so that the file's header keeps its own.
        String other = own.replaceFirst("[0-9a-f]{12}$", "0123456789ab");
        Path out = Files.createDirectories(folder.resolve("out"));
        Path first = out.resolve("training.1.safetensors");
        Files.write(first, replaced(checkpoints.get("training.1.safetensors"), own, other));

        assertThatThrownBy(() -> train(settings(2), out, TrainingListener.NONE))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(first + ": arithmetic: this run was started with \"" + other
                        + "\", this machine computes with \"" + own + "\"; resume it on the original machine");
        assertThat(out.toFile().list()).containsExactly("training.1.safetensors");

        new HeadTraining(planted.model(), store, settings(2))
                .into(out, "test", MixedNumerics.ALLOWED, TrainingListener.NONE);
        assertThat(arithmetic(out)).isEqualTo(other + "; " + own);
        assertThat(arithmetic(folder.resolve("whole"))).isEqualTo(own);
    }

    private static byte[] replaced(byte[] file, String from, String to) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String arithmetic(Path out) throws IOException {
        try (Checkpoint file = Safetensors.open(out.resolve(HEADS))) {
            return file.metadata().get("arithmetic");
        }
    }

    private static Map<String, byte[]> with(Map<String, byte[]> files, String name, byte[] content) {
        Map<String, byte[]> all = new TreeMap<>(files);
        all.put(name, content);
        return all;
    }

    private static Map<String, byte[]> without(Map<String, byte[]> files, String name) {
        Map<String, byte[]> rest = new TreeMap<>(files);
        rest.remove(name);
        return rest;
    }

    private static TrainingSettings settings(int epochs) {
        TrainingSettings s = Planted.settings(new HeadShape.LowRank(2), HeadVocabulary.FULL, epochs);
        return new TrainingSettings(List.of(1, 2), s.vocabulary(), s.norm(), s.shape(), s.hyperparameters());
    }

    private List<TrainedHead> train(TrainingSettings settings, Path out, TrainingListener listener) throws IOException {
        return new HeadTraining(planted.model(), store, settings).into(out, "test", MixedNumerics.REFUSED, listener);
    }
}
