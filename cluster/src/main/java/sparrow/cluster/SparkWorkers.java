package sparrow.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import sparrow.study.run.Parcel;
import sparrow.study.run.Work;
import sparrow.study.run.Workers;
import sparrow.study.worker.RemoteRun;
import sparrow.study.worker.Ticket;

/** The executors of a cluster: each opens the model and does task after task. */
final class SparkWorkers implements Workers {
    private final Cluster cluster;
    private final Ticket ticket;
    private final List<String> lost = new ArrayList<>();

    SparkWorkers(Cluster cluster, Ticket ticket) {
        this.cluster = cluster;
        this.ticket = ticket;
    }

    @Override
    public <T, R> void each(Work<T, R> work, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
        Map<Integer, T> open = new ConcurrentHashMap<>();
        new SparkJobs(cluster)
                .each(
                        new StudyTask(new RemoteRun(ticket, work).bytes()),
                        new Packed<>(work, tasks, open),
                        outcome -> take(work, open.remove(outcome.number()), outcome, sink));
    }

    /** Tasks as bytes, numbered. */
    private static final class Packed<T> implements SparkJobs.Tasks {
        private final Work<T, ?> work;
        private final Tasks<T> tasks;
        private final Map<Integer, T> open;
        private int number;

        Packed(Work<T, ?> work, Tasks<T> tasks, Map<Integer, T> open) {
            this.work = work;
            this.tasks = tasks;
            this.open = open;
        }

        @Override
        public Optional<SparkJobs.Task> next() throws IOException {
            Optional<T> task = tasks.next();
            if (task.isEmpty()) return Optional.empty();
            open.put(number, task.get());
            return Optional.of(new SparkJobs.Task(
                    number++, Parcel.bytes(List.of(work.tasks().pack(task.get())))));
        }
    }

    private <T, R> void take(Work<T, R> work, T task, TaskOutcome outcome, Sink<T, R> sink) throws IOException {
        switch (outcome) {
            case TaskOutcome.Done(int number, byte[] result) -> {
                for (Parcel parcel : Parcel.parcels(result))
                    sink.found(task, work.results().unpack(parcel));
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
