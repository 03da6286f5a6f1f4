package sparrow.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import sparrow.study.run.Job;
import sparrow.study.run.Messages;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.RemoteJob;
import sparrow.study.worker.Ticket;

/** The executors of a cluster: each opens the model and does task after task. */
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
        Map<Integer, T> open = new ConcurrentHashMap<>();
        Messages<T, R> messages = new Messages<>(job);
        new SparkJobs(cluster)
                .each(
                        new StudyTask(Messages.of(new RemoteJob(ticket, job))),
                        new Packed<>(messages, tasks, open),
                        outcome -> take(messages, open.remove(outcome.number()), outcome, sink));
    }

    /** Tasks as bytes, numbered. */
    private static final class Packed<T> implements SparkJobs.Tasks {
        private final Messages<T, ?> messages;
        private final Tasks<T> tasks;
        private final Map<Integer, T> open;
        private int number;

        Packed(Messages<T, ?> messages, Tasks<T> tasks, Map<Integer, T> open) {
            this.messages = messages;
            this.tasks = tasks;
            this.open = open;
        }

        @Override
        public Optional<SparkJobs.Task> next() throws IOException {
            Optional<T> task = tasks.next();
            if (task.isEmpty()) return Optional.empty();
            open.put(number, task.get());
            return Optional.of(new SparkJobs.Task(number++, messages.ofTask(task.get())));
        }
    }

    private <T, R> void take(Messages<T, R> messages, T task, TaskOutcome outcome, Sink<T, R> sink) throws IOException {
        switch (outcome) {
            case TaskOutcome.Done(int number, byte[] result) -> {
                for (R found : messages.results(result)) sink.found(task, found);
                sink.finished(task);
            }
            // All executors were started alike: others would refuse, too.
            case TaskOutcome.Refused(int number, String reason) -> throw new IllegalArgumentException(reason);
            case TaskOutcome.Lost(int number, String reason) -> {
                lost.add(task + ": " + reason);
                sink.lost(task, reason);
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
