package sparrow.cluster;

import java.util.List;

/** The end of a task. */
sealed interface TaskOutcome<T, R> {
    /** Its results are there. */
    record Done<T, R>(T task, List<R> results) implements TaskOutcome<T, R> {}

    /**
     * It failed, or its JVM died, three times.
     *
     * @param reason of the last time, one line
     */
    record Lost<T, R>(T task, String reason) implements TaskOutcome<T, R> {}
}
