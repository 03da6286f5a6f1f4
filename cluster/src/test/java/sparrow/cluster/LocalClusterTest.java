package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static sparrow.cluster.Tasks.outcomes;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The path that a cluster takes, in this process. */
class LocalClusterTest {
    private static Cluster cluster;

    @BeforeAll
    static void open() throws Exception {
        ClusterSettings settings = new ClusterSettings(
                new ClusterMaster.Local(),
                Map.of(),
                ClusterSettings.Executors.standard(),
                Duration.ofSeconds(60),
                true);
        cluster = Cluster.open(settings, new Told());
    }

    @AfterAll
    static void close() {
        if (cluster != null) cluster.close();
    }

    @Test
    void eachTaskIsDoneOnce() throws Exception {
        List<TaskOutcome> outcomes = outcomes(cluster, new Obedient(), "a", "b", "c", "d", "e");

        assertThat(outcomes)
                .extracting(TaskOutcome::number, Tasks::result)
                .containsExactlyInAnyOrder(
                        tuple(0, "did a"), tuple(1, "did b"), tuple(2, "did c"), tuple(3, "did d"), tuple(4, "did e"));
    }

    @Test
    void taskThatFailsIsLostAndTheOthersAreThere() throws Exception {
        List<TaskOutcome> outcomes = outcomes(cluster, new Obedient(), "a", "throw", "c");

        assertThat(outcomes)
                .filteredOn(TaskOutcome.Lost.class::isInstance)
                .singleElement()
                .asString()
                .matches("Lost\\[number=1, reason=worker \\S+: java.lang.IllegalStateException: told to throw]");
        assertThat(outcomes).filteredOn(TaskOutcome.Done.class::isInstance).hasSize(2);
    }

    @Test
    void refusalIsAResult() throws Exception {
        assertThat(outcomes(cluster, new Obedient(), "refuse"))
                .containsExactly(new TaskOutcome.Refused(0, "worker refuses"));
    }
}
