package sparrow.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.study.run.Job;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.Ticket;

/**
 * The executors of a cluster: each opens the model and does task after task. Each task is a Spark job of its own: one that
 * always fails ends its job and no other, and each result comes as soon as it is there.
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

    /** An array holds no more, and Spark makes two of each. */
    @Override
    public long mostResultBytes() {
        return 1L << 30;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
