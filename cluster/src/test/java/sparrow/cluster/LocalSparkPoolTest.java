package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The path of tasks and results through Spark, in this process. */
class LocalSparkPoolTest {
    private static Cluster cluster;

    @BeforeAll
    static void open() throws Exception {
        ClusterSettings settings = new ClusterSettings(
                new ClusterMaster.Local(),
                Map.of(),
                ClusterSettings.Executors.defaults(),
                Duration.ofSeconds(60),
                true);
        cluster = Cluster.open(settings, _ -> {});
    }

    @AfterAll
    static void close() {
        if (cluster != null) cluster.close();
    }

    @Test
    void eachTaskIsDoneOnce() throws Exception {
        Tasks tasks = Tasks.run(cluster, "a", "b", "c", "d", "e");

        assertThat(tasks.found)
                .containsExactlyInAnyOrder(
                        "did a by sparrow-tiny",
                        "did b by sparrow-tiny",
                        "did c by sparrow-tiny",
                        "did d by sparrow-tiny",
                        "did e by sparrow-tiny");
        assertThat(tasks.finished).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    }

    @Test
    void aTaskThatFailsIsLostAndTheOthersAreThere() throws Exception {
        Tasks tasks = Tasks.run(cluster, "a", "throw", "c");

        assertThat(tasks.lost)
                .singleElement()
                .asString()
                .matches("worker \\S+: java.lang.IllegalStateException: told to throw");
        assertThat(tasks.finished).containsExactlyInAnyOrder("a", "c");
    }

    /** The run would wait for ever. */
    @Test
    void anErrorInTheMakingOfTasksIsThrownOn() {
        assertThatThrownBy(() -> new SparkPool(cluster, Tasks.ticket())
                        .run(
                                new ObedientJob(),
                                () -> {
                                    throw new NoSuchMethodError("of another version");
                                },
                                Tasks.begin(cluster)))
                .isInstanceOf(NoSuchMethodError.class);
    }

    @Test
    void aTaskThatIsTooLargeToBeSentIsRefused() {
        assertThatThrownBy(() -> Tasks.run(cluster, "a".repeat(TaskThreads.MAX_TASK_BYTES + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--set batch: the batch is too large to be sent: expected at most 100 MiB, got 101 MiB;"
                        + " use a smaller batch");
    }

    @Test
    void aRefusalEndsTheRun() {
        assertThatThrownBy(() -> Tasks.run(cluster, "refuse"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .matches("worker \\S+: a file of the model: broken");
    }
}
