package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import sparrow.cluster.Meeting.Visitor;
import sparrow.study.run.RunStoppedException;

/** Tasks on executors that are processes of their own, and what becomes of them when those die. */
@EnabledIfSystemProperty(named = "sparrow.cluster", matches = "true", disabledReason = "takes half a minute; -Pcluster")
@ExtendWith(SharedCluster.class)
class SparkJobsTest {
    private final Told told = new Told();
    private Cluster cluster;
    private Meeting meeting;

    @BeforeEach
    void open(StandaloneCluster standalone) throws Exception {
        cluster = Cluster.open(standalone.settings(), told);
        meeting = new Meeting();
    }

    @AfterEach
    void close() throws Exception {
        if (meeting != null) meeting.close();
        if (cluster != null) cluster.close();
    }

    @Test
    void eachTaskIsDoneOnceByTwoExecutorsAtATime() throws Exception {
        Running running = new Running(cluster, List.of(meeting.task("a"), meeting.task("b"), "c", "d", "e", "f"));
        Visitor first = meeting.await();
        Visitor second = meeting.await();
        first.letGo();
        second.letGo();

        assertThat(running.outcomes())
                .extracting(TaskOutcome::number, Tasks::result)
                .containsExactlyInAnyOrder(
                        tuple(0, "a"),
                        tuple(1, "b"),
                        tuple(2, "did c"),
                        tuple(3, "did d"),
                        tuple(4, "did e"),
                        tuple(5, "did f"));
        assertThat(first.pid()).isNotEqualTo(second.pid());
        assertThat(told.lines).noneMatch(line -> line.startsWith("lost"));
    }

    @Test
    void taskOfAKilledExecutorIsDoneByAnother() throws Exception {
        Running running = new Running(cluster, List.of(meeting.task("a"), "b", "c"));
        Visitor first = meeting.await();
        first.kill();
        Visitor again = meeting.await();
        again.letGo();

        assertThat(running.outcomes())
                .extracting(TaskOutcome::number, Tasks::result)
                .containsExactlyInAnyOrder(tuple(0, "a"), tuple(1, "did b"), tuple(2, "did c"));
        assertThat(again.name()).isEqualTo("a");
        assertThat(again.pid()).isNotEqualTo(first.pid());
        assertThat(told.lines)
                .filteredOn(line -> line.startsWith("lost"))
                .singleElement()
                .asString()
                .isEqualTo("lost: 127.0.0.1: Command exited with code 137");
    }

    @Test
    void taskThatKillsItsExecutorsIsLostAndTheOthersAreThere() throws Exception {
        List<String> texts =
                new ArrayList<>(IntStream.range(0, 8).mapToObj(i -> "t" + i).toList());
        texts.add(3, "halt");
        texts.add(5, "throw");

        List<TaskOutcome> outcomes = Tasks.outcomes(cluster, new Obedient(), texts.toArray(String[]::new));

        assertThat(outcomes)
                .filteredOn(TaskOutcome.Lost.class::isInstance)
                .containsExactlyInAnyOrder(
                        new TaskOutcome.Lost(3, "worker 127.0.0.1: its executor was lost: Command exited with code 7"),
                        new TaskOutcome.Lost(5, "worker 127.0.0.1: java.lang.IllegalStateException: told to throw"));
        assertThat(outcomes)
                .filteredOn(TaskOutcome.Done.class::isInstance)
                .extracting(TaskOutcome::number)
                .containsExactlyInAnyOrder(0, 1, 2, 4, 6, 7, 8, 9);
    }

    @Test
    void interruptedThreadStopsTasksThatAreUnderWay() throws Exception {
        Running running = new Running(cluster, List.of(meeting.task("a"), meeting.task("b"), "c"));
        Visitor first = meeting.await();
        Visitor second = meeting.await();

        running.interrupt();

        assertThatThrownBy(running::outcomes).isInstanceOf(RunStoppedException.class);
        first.awaitEnd();
        second.awaitEnd();
        assertThat(Tasks.outcomes(cluster, new Obedient(), "d")).hasSize(1);
    }

    @Test
    void executorsWithoutOurJarsAreRefused(StandaloneCluster standalone) throws Exception {
        cluster.close();
        ClusterSettings whole = standalone.settings();
        ClusterSettings bare = new ClusterSettings(
                whole.master(),
                whole.configuration(),
                ClusterSettings.Executors.standard(),
                whole.patience(),
                whole.authenticated());
        cluster = Cluster.open(bare, told);

        assertThat(Tasks.outcomes(cluster, new Obedient(), "a"))
                .containsExactly(new TaskOutcome.Refused(
                        0,
                        "worker 127.0.0.1 has not the jars of this build: expected those of sparrow jars --workers"
                                + " (java.lang.ClassNotFoundException: sparrow.cluster.Obedient)"));
    }

    @Test
    void connectionThatEndsIsAFailure() throws Exception {
        Running running = new Running(cluster, List.of(meeting.task("a"), "b", "c"));
        meeting.await();

        cluster.close();

        assertThatThrownBy(running::outcomes)
                .isExactlyInstanceOf(IOException.class)
                .hasMessageEndingWith(": the cluster has ended the connection");
    }

    @Test
    void executorsThatDoNotComeBackAreAFailure(StandaloneCluster standalone) throws Exception {
        cluster.close();
        cluster = Cluster.open(
                standalone.settings(standalone.configuration(), OptionalInt.of(1), Duration.ofSeconds(10)), told);
        Running running = new Running(cluster, List.of(meeting.task("a"), meeting.task("b")));
        meeting.await();
        try {
            standalone.killWorkers();

            assertThatThrownBy(running::outcomes)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining(": no executor within 10 s;");
        } finally {
            standalone.startWorkers();
        }
    }
}
