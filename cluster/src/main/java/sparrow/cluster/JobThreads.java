package sparrow.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import sparrow.study.run.RunStoppedException;

/**
 * Threads that each wait for one job at a time. There are a few more than executors, so that none of those has to wait
 * for this process; who has a result takes no new task before it was handed on, so that few results are in memory.
 */
final class JobThreads implements AutoCloseable {
    private static final int BESIDE_EXECUTORS = 2;
    private static final long LOOK_AROUND_MS = 500;
    private static final AtomicInteger RUNS = new AtomicInteger();

    private final Cluster cluster;
    private final TaskFunction function;
    private final SparkJobs.Tasks tasks;
    private final String group = "sparrow-" + RUNS.incrementAndGet();
    private final SynchronousQueue<Event> events = new SynchronousQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private int working;
    private volatile boolean over;
    private long lastSeen = System.nanoTime();

    private sealed interface Event {
        record Came(TaskOutcome outcome) implements Event {}

        record Failed(Throwable reason) implements Event {}

        record Ended() implements Event {}
    }

    JobThreads(Cluster cluster, TaskFunction function, SparkJobs.Tasks tasks) {
        this.cluster = cluster;
        this.function = function;
        this.tasks = tasks;
        startMissing();
    }

    /** The next outcome; empty when all have come. */
    Optional<TaskOutcome> next() throws IOException {
        try {
            while (working > 0) {
                Event event = events.poll(LOOK_AROUND_MS, TimeUnit.MILLISECONDS);
                startMissing();
                if (event != null) lastSeen = System.nanoTime();
                // What was under way failed with it.
                if (cluster.hasEnded() && !isGood(event)) throw new IOException(cluster.ended());
                switch (event) {
                    case null -> checkExecutors();
                    case Event.Came(TaskOutcome outcome) -> {
                        return Optional.of(outcome);
                    }
                    case Event.Failed(IOException reason) -> throw reason;
                    case Event.Failed(RuntimeException reason) -> throw reason;
                    case Event.Failed(Error reason) -> throw reason;
                    case Event.Failed(Throwable reason) -> throw new IllegalStateException(reason);
                    case Event.Ended() -> working--;
                }
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new RunStoppedException();
        }
    }

    /** As many as there are executors to keep busy, of which some may have come only now. */
    private void startMissing() {
        while (threads.size() < cluster.executors() + BESIDE_EXECUTORS) {
            working++;
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("cluster-job-" + (threads.size() + 1))
                    .start(this::work));
        }
    }

    /** Whether it could as well have come before the end. */
    private static boolean isGood(Event event) {
        return event instanceof Event.Ended
                || event instanceof Event.Came came && came.outcome() instanceof TaskOutcome.Done;
    }

    private void checkExecutors() throws IOException {
        if (cluster.executors() > 0) lastSeen = System.nanoTime();
        else if (System.nanoTime() - lastSeen > cluster.patience().toNanos())
            throw new IOException(cluster.noExecutor());
    }

    private void work() {
        try {
            JavaSparkContext context = cluster.context();
            context.setJobGroup(group, "sparrow", true);
            for (Optional<SparkJobs.Task> task = nextTask(); task.isPresent(); task = nextTask()) {
                events.put(new Event.Came(outcome(context, task.get())));
            }
            events.put(new Event.Ended());
        } catch (InterruptedException e) {
            // Nobody waits any more.
        } catch (Throwable e) {
            // An error, too: who waits would wait for ever.
            tell(e);
        }
    }

    private void tell(Throwable failure) {
        try {
            events.put(new Event.Failed(failure));
        } catch (InterruptedException e) {
            // Nobody waits any more.
        }
    }

    private Optional<SparkJobs.Task> nextTask() throws IOException {
        synchronized (tasks) {
            return over ? Optional.empty() : tasks.next();
        }
    }

    private TaskOutcome outcome(JavaSparkContext context, SparkJobs.Task task) throws IOException {
        if (task.bytes().length > SparkJobs.MOST_BYTES) {
            return new TaskOutcome.Refused(
                    task.number(),
                    "--batch: what is asked together is too large to be sent: expected at most "
                            + (SparkJobs.MOST_BYTES >> 20) + " MiB, got "
                            + Math.ceilDiv(task.bytes().length, 1 << 20) + " MiB; take a smaller one");
        }
        byte[] answer;
        try {
            answer = context.parallelize(List.of(task.bytes()), 1)
                    .map(function)
                    .collect()
                    .getFirst();
        } catch (Exception e) {
            // Spark throws its checked exceptions undeclared.
            if (!(e instanceof SparkException)) throw e;
            return FailureReason.outcome(task.number(), e);
        }
        return switch (TaskAnswer.of(answer)) {
            case TaskAnswer.Done(byte[] result) -> new TaskOutcome.Done(task.number(), result);
            case TaskAnswer.Refused(String reason) -> new TaskOutcome.Refused(task.number(), reason);
        };
    }

    /** Stops what is under way. */
    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) thread.interrupt();
        if (working > 0 && !cluster.hasEnded()) cluster.context().sc().cancelJobGroupAndFutureJobs(group);
        // Who is making a task may be writing; nobody may when the caller goes on.
        synchronized (tasks) {
            working = 0;
        }
    }
}
