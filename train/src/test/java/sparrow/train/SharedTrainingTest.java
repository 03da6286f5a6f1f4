package sparrow.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.study.Bundled.MODEL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.head.Sampling;
import sparrow.formats.BadFileException;
import sparrow.speech.vocode.FlowSettings;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.run.Job;
import sparrow.study.run.RunProgress;
import sparrow.study.run.Worker;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.ElsewherePool;
import sparrow.study.worker.RemoteWorker;
import sparrow.study.worker.Ticket;
import sparrow.study.worker.WorkerModel;
import sparrow.tensor.kernel.KvFormat;
import sparrow.train.HeadTraining.LayerJob;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainingSettings.HeadNorm;
import sparrow.train.TrainingSettings.HeadShape;
import sparrow.train.harvest.Harvest;
import sparrow.train.harvest.HarvestPrompt;
import sparrow.train.harvest.HarvestSettings;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Targets;
import sparrow.train.optimiser.Hyperparameters;

/** Layers that are trained by workers that see the folders: the same heads, to the byte. */
class SharedTrainingTest {
    private static final Path PROMPTS = Path.of(System.getProperty("sparrow.testdata"), "demo-eval/prompts.jsonl");

    private static HarvestStore store;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void harvest() throws IOException {
        HarvestSettings settings = new HarvestSettings(List.of(8, 12), Targets.EXACT, Sampling.GREEDY, 20, 4);
        new Harvest(MODEL, settings, HarvestPrompt.read(PROMPTS).subList(0, 12))
                .into(folder.resolve("store"), Long.MAX_VALUE, MixedNumerics.REFUSED, RunProgress.NONE);
        store = HarvestStore.open(folder.resolve("store"));
    }

    @AfterAll
    static void close() {
        store.close();
    }

    private static HeadTraining training(HeadShape shape) {
        return training(shape, 2);
    }

    private static HeadTraining training(HeadShape shape, int epochs) {
        return new HeadTraining(MODEL, store, settings(shape, epochs));
    }

    private static TrainingSettings settings(HeadShape shape, int epochs) {
        Hyperparameters hyperparameters = new Hyperparameters(epochs, 32, 0.004, 0, 0.1, 0.5, 0.2, 2, 5, 3);
        return new TrainingSettings(List.of(8, 12), HeadVocabulary.SPEECH, HeadNorm.FINAL, shape, hyperparameters);
    }

    @Test
    void workersElsewhereTrainTheSameHeads() throws IOException {
        List<String> heard = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void epoch(int layer, EpochFigures figures) {
                heard.add(layer + " " + figures.epoch());
            }
        };
        try (RemoteWorker worker = new RemoteWorker()) {
            Ticket ticket =
                    Ticket.of(new WorkerModel(null, null, null, FlowSettings.PUBLISHED, KvFormat.F32), MODEL, 1);
            List<TrainedHead> here = training(new HeadShape.LowRank(2))
                    .into(folder.resolve("here"), "test", MixedNumerics.REFUSED, TrainingListener.NONE);

            List<TrainedHead> there = training(new HeadShape.LowRank(2))
                    .into(
                            folder.resolve("there"),
                            "test",
                            new ElsewherePool(ticket, worker, 1),
                            MixedNumerics.REFUSED,
                            listener);

            assertThat(there).isEqualTo(here);
        }
        assertThat(heard).contains("8 0", "8 1", "12 0", "12 1");
        assertThat(folder.resolve("there").toFile().list()).containsExactly("heads.safetensors");
        assertThat(folder.resolve("there/heads.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("here/heads.safetensors"));
    }

    @Test
    void aWorkerThatSeesAnotherFolderOfTheNameRefuses() throws IOException {
        Path out = Files.createDirectory(folder.resolve("mine"));
        String proof = TrainingFolder.prove(out);
        Path other = Files.createDirectory(folder.resolve("other"));

        TrainingFolder.requireProof(out, proof);
        for (Path wrong : List.of(other, folder.resolve("missing"))) {
            assertThatThrownBy(() -> TrainingFolder.requireProof(wrong, proof))
                    .hasMessage(
                            wrong + ": is not the folder that the run writes to; expected one that all machines share");
        }
        TrainingFolder.prove(other);
        assertThatThrownBy(() -> TrainingFolder.requireProof(other, proof))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** What is given up stays untrained and is told of; the same call goes on. */
    @Test
    void aLayerThatIsGivenUpIsTrainedByTheNextCall() throws IOException {
        WorkerPool losing = new WorkerPool() {
            @Override
            public <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
                try (Worker<T, R> worker = job.open(MODEL)) {
                    worker.perform(tasks.next().orElseThrow(), sink);
                    sink.lost(tasks.next().orElseThrow(), "it died");
                    assertThat(tasks.next()).isEqualTo(Optional.empty());
                }
            }
        };
        Path out = folder.resolve("lost");
        HeadTraining training = training(new HeadShape.Translator());
        assertThatThrownBy(() -> training.into(out, "test", losing, MixedNumerics.REFUSED, TrainingListener.NONE))
                .isInstanceOf(IOException.class)
                .hasMessage("not trained: layer 12: it died; repeat the command to try again");
        assertThat(out.toFile().list()).contains("head.8.safetensors").doesNotContain("heads.safetensors");

        HeadTraining other = training(new HeadShape.Translator(), 3);
        assertThatThrownBy(() -> other.into(out, "test", losing, MixedNumerics.REFUSED, TrainingListener.NONE))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(out.resolve("head.8.safetensors") + ": epochs: ");
        training(new HeadShape.Translator()).into(out, "test", MixedNumerics.REFUSED, TrainingListener.NONE);

        assertThat(out.toFile().list()).containsExactly("heads.safetensors");
    }

    @Test
    void theJobComesBack() {
        for (HeadShape shape : List.of(new HeadShape.Full(), new HeadShape.LowRank(3), new HeadShape.Translator())) {
            LayerJob job = new LayerJob(settings(shape, 2), "/store", "/out", "00ff", MixedNumerics.ALLOWED);

            assertThat(ElsewherePool.travelled(job)).isEqualTo(job);
        }
    }
}
