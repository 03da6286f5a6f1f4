package sparrow.train.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.study.Bundled.MODEL;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.head.Sampling;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.report.StudyCounts;
import sparrow.study.run.Batch;
import sparrow.study.run.Job;
import sparrow.study.run.RunProgress;
import sparrow.study.run.Worker;
import sparrow.study.run.WorkerPool;

/** Batches that workers died of are no prompts that cannot be understood. */
class LostHarvestTest {
    private static final Path PROMPTS = Path.of(System.getProperty("sparrow.testdata"), "demo-eval/prompts.jsonl");

    @TempDir
    private Path store;

    /** Does all batches but some. */
    private record Losing(Set<Integer> deadly) implements WorkerPool {
        @Override
        public <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
            try (Worker<T, R> worker = job.open(MODEL)) {
                for (Optional<T> task = tasks.next(); task.isPresent(); task = tasks.next()) {
                    if (deadly.contains(((Batch) task.get()).number())) sink.lost(task.get(), "it died");
                    else worker.perform(task.get(), sink);
                }
                worker.finish();
            }
        }
    }

    private StudyCounts harvest(WorkerPool workers, long positions) throws IOException {
        HarvestSettings settings = new HarvestSettings(List.of(8), new Targets(3), Sampling.GREEDY, 10, 2);
        return new Harvest(MODEL, workers, settings, HarvestPrompt.read(PROMPTS).subList(0, 8))
                .into(store, positions, MixedNumerics.REFUSED, RunProgress.NONE);
    }

    private List<String> batches() {
        return List.of(store.resolve("batches").toFile().list());
    }

    @Test
    void aLostBatchIsMissingAndTheNextRunHarvestsIt() throws IOException {
        assertThat(harvest(new Losing(Set.of(1)), Long.MAX_VALUE).isComplete()).isTrue();
        assertThat(batches()).containsExactlyInAnyOrder("00000.safetensors", "00002.safetensors", "00003.safetensors");
        assertThat(store.resolve("store.json")).content().contains("\"left_out\" : [ ]");

        assertThat(harvest(new Losing(Set.of()), Long.MAX_VALUE).isComplete()).isTrue();
        assertThat(batches()).hasSize(4);
    }

    /** Ten positions a reply, two replies a batch: two batches bring 40, one of which is lost. */
    @Test
    void noOtherBatchesAreHarvestedInPlaceOfALostOne() throws IOException {
        harvest(new Losing(Set.of(0)), 20);
        assertThat(batches()).containsExactly("00001.safetensors");

        harvest(new Losing(Set.of()), 20);
        assertThat(batches()).containsExactly("00000.safetensors");
    }

    @Test
    void aHarvestThatLostAllFails() {
        assertThatThrownBy(() -> harvest(new Losing(Set.of(0, 1, 2, 3)), Long.MAX_VALUE))
                .isInstanceOf(IOException.class)
                .hasMessage("nothing was harvested: the workers were lost");
    }
}
