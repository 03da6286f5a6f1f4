package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One line of the long messages of Spark. */
class FailureReasonTest {
    private static final String BEFORE =
            "Job aborted due to stage failure: Task 0 in stage 3.0 failed 3 times, most recent"
                    + " failure: Lost task 0.2 in stage 3.0 (TID 9) (node-7 executor 4): ";

    static Stream<Arguments> losses() {
        return Stream.of(
                Arguments.of(
                        BEFORE + "java.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\n\nDriver stacktrace:",
                        "worker node-7: java.lang.IllegalStateException: no"),
                Arguments.of(
                        BEFORE
                                + "ExecutorLostFailure (executor 4 exited caused by one of the running tasks) Reason: Command"
                                + " exited with code 137\nDriver stacktrace:",
                        "worker node-7: its executor was lost: Command exited with code 137"),
                Arguments.of(
                        "Job 3 cancelled because SparkContext was shut down",
                        "Job 3 cancelled because SparkContext was shut down"));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void onlyTheLineThatMattersIsKept(String message, String reason) {
        assertThat(FailureReason.ofLost(new IllegalStateException(message))).isEqualTo(reason);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        BEFORE
                                + "java.lang.UnsupportedClassVersionError: a/B has been compiled by a more recent version of the"
                                + " Java Runtime (class file version 69.0), this version of the Java Runtime only recognizes"
                                + " class file versions up to 61.0\n\tat x",
                        "worker node-7: expected JDK "
                                + Runtime.version().feature()
                                + " or newer, found JDK 17; set spark.executorEnv.JAVA_HOME to a newer one on its"
                                + " machine"),
                Arguments.of(
                        BEFORE + "java.lang.ClassNotFoundException: a.B\n\tat x",
                        "worker node-7 does not have the jars of this build: expected those of sparrow jars --workers"
                                + " (java.lang.ClassNotFoundException: a.B)"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aFaultOfAllExecutorsIsARefusal(String message, String refusal) {
        assertThatThrownBy(() -> FailureReason.ofLost(new IllegalStateException(message)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(refusal);
    }
}
