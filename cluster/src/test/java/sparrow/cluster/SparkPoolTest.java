package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import sparrow.cluster.Meeting.Visitor;
import sparrow.study.run.RunStoppedException;

/** Tasks on executors that are processes of their own, and that die. */
@EnabledIfSystemProperty(named = "sparrow.cluster", matches = "true", disabledReason = "takes half a minute; -Pcluster")
@ExtendWith(SharedCluster.class)
class SparkPoolTest {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private Cluster cluster;
    private Meeting meeting;

    @BeforeEach
    void open(StandaloneCluster standalone) throws Exception {
        cluster = Cluster.open(standalone.settings(), events::add);
        meeting = new Meeting();
    }

    @AfterEach
    void close() throws Exception {
        if (meeting != null) meeting.close();
        if (cluster != null) cluster.close();
    }

    @Test
    void eachTaskIsDoneOnceByTwoExecutorsAtATime() throws Exception {
        Tasks tasks = Tasks.begin(cluster, meeting.task("a"), meeting.task("b"), "c", "d", "e", "f");
        Visitor first = meeting.await();
        Visitor second = meeting.await();
        first.letGo();
        second.letGo();

        assertThat(tasks.await().found)
                .containsExactlyInAnyOrder(
                        "a by sparrow-tiny",
                        "b by sparrow-tiny",
                        "did c by sparrow-tiny",
                        "did d by sparrow-tiny",
                        "did e by sparrow-tiny",
                        "did f by sparrow-tiny");
        assertThat(first.pid()).isNotEqualTo(second.pid());
        assertThat(events).isEmpty();
    }

    @Test
    void taskOfAKilledExecutorIsDoneByAnother() throws Exception {
        Tasks tasks = Tasks.begin(cluster, meeting.task("a"), "b", "c");
        Visitor first = meeting.await();
        first.kill();
        Visitor again = meeting.await();
        again.letGo();

        assertThat(tasks.await().found)
                .containsExactlyInAnyOrder("a by sparrow-tiny", "did b by sparrow-tiny", "did c by sparrow-tiny");
        assertThat(again.name()).isEqualTo("a");
        assertThat(again.pid()).isNotEqualTo(first.pid());
        assertThat(events).containsExactly("worker 127.0.0.1 is lost (Command exited with code 137)");
    }

    @Test
    void taskThatKillsItsExecutorsIsLostAndTheOthersAreThere() throws Exception {
        Tasks tasks = Tasks.run(cluster, "t0", "t1", "t2", "halt", "t3", "throw", "t4", "t5", "t6", "t7");

        assertThat(tasks.lost)
                .containsExactlyInAnyOrder(
                        "worker 127.0.0.1: its executor was lost: Command exited with code 7",
                        "worker 127.0.0.1: java.lang.IllegalStateException: told to throw");
        assertThat(tasks.finished).containsExactlyInAnyOrder("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7");
        assertThat(tasks.found).hasSize(8).allMatch(result -> result.endsWith(" by sparrow-tiny"));
    }

    @Test
    void interruptedThreadStopsTasksThatAreUnderWay() throws Exception {
        Tasks tasks = Tasks.begin(cluster, meeting.task("a"), meeting.task("b"), "c");
        Visitor first = meeting.await();
        Visitor second = meeting.await();

        tasks.interrupt();

        assertThatThrownBy(tasks::await).isInstanceOf(RunStoppedException.class);
        first.awaitEnd();
        second.awaitEnd();
        assertThat(Tasks.run(cluster, "d").finished).hasSize(1);
    }

    @Test
    void executorsWithoutOurJarsAreRefused(StandaloneCluster standalone) throws Exception {
        cluster.close();
        ClusterSettings whole = standalone.settings();
        ClusterSettings bare = new ClusterSettings(
                whole.master(),
                whole.configuration(),
                ClusterSettings.Executors.defaults(),
                whole.patience(),
                whole.authenticated());
        cluster = Cluster.open(bare, events::add);

        assertThatThrownBy(() -> Tasks.run(cluster, "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "worker 127.0.0.1 does not have the jars of this build: expected those of sparrow jars --workers"
                                + " (java.lang.ClassNotFoundException: sparrow.cluster.ExecutorTask)");
    }

    @Test
    void connectionThatEndsIsAFailure() throws Exception {
        Tasks tasks = Tasks.begin(cluster, meeting.task("a"), "b", "c");
        meeting.await();

        cluster.close();

        assertThatThrownBy(tasks::await)
                .isExactlyInstanceOf(IOException.class)
                .hasMessageEndingWith(": the cluster has closed the connection");
    }

    @Test
    void executorsThatDoNotComeBackAreAFailure(StandaloneCluster standalone) throws Exception {
        cluster.close();
        cluster = Cluster.open(
                standalone.settings(standalone.configuration(), OptionalInt.of(1), Duration.ofSeconds(30)),
                events::add);
        Tasks tasks = Tasks.begin(cluster, meeting.task("a"), meeting.task("b"));
        meeting.await();
        try {
            standalone.killWorkers();

            assertThatThrownBy(tasks::await)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining(": no executor within 30 s;");
        } finally {
            standalone.startWorkers();
        }
    }
}
