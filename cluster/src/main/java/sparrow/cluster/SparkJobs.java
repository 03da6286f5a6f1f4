package sparrow.cluster;

import java.io.IOException;
import java.util.Optional;

/**
 * Gives tasks to a cluster, each as a Spark job of its own: a task that always fails ends its job and no other, and each
 * result comes when it is there.
 */
public final class SparkJobs {
    private final Cluster cluster;

    /** Tasks for a cluster; it stays open. */
    public SparkJobs(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Something to do.
     *
     * @param number by which its outcome is known
     * @param bytes what the function gets, at most {@link #MOST_BYTES}
     */
    public record Task(int number, byte[] bytes) {}

    /** What a message of Spark's holds by default, less what goes with it. */
    public static final int MOST_BYTES = 100 << 20;

    /** Tasks, one after the other. */
    public interface Tasks {
        /** The next one; empty after the last. Called by one thread at a time, when somebody can take it. */
        Optional<Task> next() throws IOException;
    }

    /** Takes what becomes of tasks. */
    public interface Outcomes {
        /** Called in any order of the tasks, by the thread that waits for them. */
        void accept(TaskOutcome outcome) throws IOException;
    }

    /**
     * Does all tasks, and returns when the last outcome was accepted. Tasks that are lost or refused do not stop the
     * others; whoever accepts outcomes may, by throwing.
     *
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted; tasks under way are stopped
     * @throws IOException if tasks or outcomes throw it, or the executors are gone and do not come back
     */
    public void each(TaskFunction function, Tasks tasks, Outcomes outcomes) throws IOException {
        try (JobThreads threads = new JobThreads(cluster, function, tasks)) {
            for (Optional<TaskOutcome> next = threads.next(); next.isPresent(); next = threads.next()) {
                outcomes.accept(next.get());
            }
        }
    }
}
