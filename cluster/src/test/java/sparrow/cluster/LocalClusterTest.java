package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static sparrow.cluster.Tasks.outcomes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Who waits for outcomes would wait for ever. */
    @Test
    void errorOfWhoMakesTasksIsThrownOn() {
        assertThatThrownBy(() -> new SparkJobs(cluster)
                        .each(
                                new Obedient(),
                                () -> {
                                    throw new NoSuchMethodError("of another version");
                                },
                                _ -> {}))
                .isInstanceOf(NoSuchMethodError.class);
    }

    @Test
    void whatIsTooLargeToBeSentIsRefused() throws Exception {
        List<TaskOutcome> outcomes = new ArrayList<>();
        Iterator<SparkJobs.Task> large = List.of(new SparkJobs.Task(0, new byte[SparkJobs.MOST_BYTES + 1]))
                .iterator();

        new SparkJobs(cluster)
                .each(
                        new Obedient(),
                        () -> large.hasNext() ? Optional.of(large.next()) : Optional.empty(),
                        outcomes::add);

        assertThat(outcomes)
                .containsExactly(new TaskOutcome.Refused(
                        0,
                        "--batch: what is asked together is too large to be sent: expected at most 100 MiB, got 101 MiB;"
                                + " take a smaller one"));
    }

    @Test
    void refusalIsAResult() throws Exception {
        assertThat(outcomes(cluster, new Obedient(), "refuse"))
                .containsExactly(new TaskOutcome.Refused(0, "worker refuses"));
    }
}
