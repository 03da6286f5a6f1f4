package sparrow.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.study.run.Job;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.Ticket;

/**
 * The executors of a cluster. Each executor opens the model and runs one task after another. Each task is a separate
 * Spark job, so a task that always fails does not affect other tasks, and results arrive as soon as they are available.
 */
final class SparkPool implements WorkerPool {
    private final Cluster cluster;
    private final Ticket ticket;
    private final List<String> lost = new ArrayList<>();

    SparkPool(Cluster cluster, Ticket ticket) {
        this.cluster = cluster;
        this.ticket = ticket;
    }

    @Override
    public <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
        try (TaskThreads<T, R> threads = new TaskThreads<>(cluster, ticket, job, tasks)) {
            for (Optional<TaskOutcome<T, R>> next = threads.next(); next.isPresent(); next = threads.next()) {
                switch (next.get()) {
                    case TaskOutcome.Done<T, R>(T task, List<R> results) -> {
                        for (R result : results) sink.found(task, result);
                        sink.finished(task);
                    }
                    case TaskOutcome.Lost<T, R>(T task, String reason) -> {
                        lost.add(task + ": " + reason);
                        sink.lost(task, reason);
                    }
                }
            }
        }
    }

    @Override
    public List<String> lost() {
        return List.copyOf(lost);
    }

    /** Returns half of the maximum size of a Java array, because Spark copies results into arrays. */
    @Override
    public long maxResultBytes() {
        return 1L << 30;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
