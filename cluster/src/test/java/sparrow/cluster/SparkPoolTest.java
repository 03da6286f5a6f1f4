package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.KvFormat;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.speech.vocode.FlowSettings;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.Ticket;
import sparrow.study.worker.WorkerModel;

/** What executors do of a run's work, one of whose tasks kills them. */
@EnabledIfSystemProperty(named = "sparrow.cluster", matches = "true", disabledReason = "takes half a minute; -Pcluster")
@ExtendWith(SharedCluster.class)
class SparkPoolTest {
    private static Ticket ticket() throws IOException {
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool))) {
            return Ticket.of(new WorkerModel(null, null, null, FlowSettings.PUBLISHED, KvFormat.F32), model, 1);
        }
    }

    @Test
    void aTaskThatKillsWhoeverDoesItIsGivenUpAndTheOthersAreDone(StandaloneCluster cluster) throws IOException {
        List<String> found = new ArrayList<>();
        List<String> finished = new ArrayList<>();
        Iterator<String> tasks = List.of("a", "b", "poison", "c", "d").iterator();
        try (WorkerPool workers = new SparkPool(Cluster.open(cluster.settings(), new Told()), ticket())) {
            workers.run(
                    new Deadly(),
                    () -> tasks.hasNext() ? Optional.of(tasks.next()) : Optional.empty(),
                    new WorkerPool.Sink<String, String>() {
                        @Override
                        public void found(String task, String result) {
                            found.add(result);
                        }

                        @Override
                        public void finished(String task) {
                            finished.add(task);
                        }

                        @Override
                        public void lost(String task, String reason) {
                            finished.add("without " + task);
                        }
                    });

            assertThat(workers.lost())
                    .singleElement()
                    .asString()
                    .startsWith("poison: worker ")
                    .doesNotContain("\n");
        }
        assertThat(found)
                .containsExactlyInAnyOrder(
                        "a by sparrow-tiny", "b by sparrow-tiny", "c by sparrow-tiny", "d by sparrow-tiny");
        assertThat(finished).containsExactlyInAnyOrder("a", "b", "without poison", "c", "d");
    }
}
