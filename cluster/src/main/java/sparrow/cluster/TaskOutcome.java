package sparrow.cluster;

import java.util.List;

/** The outcome of a task. */
sealed interface TaskOutcome<T, R> {
    /** The task has results. */
    record Done<T, R>(T task, List<R> results) implements TaskOutcome<T, R> {}

    /**
     * The task failed, or its JVM exited, three times.
     *
     * @param reason one-line description of the last failure
     */
    record Lost<T, R>(T task, String reason) implements TaskOutcome<T, R> {}
}
