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
import sparrow.study.run.Job;
import sparrow.study.run.Messages;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.RemoteJob;
import sparrow.study.worker.Ticket;

/**
 * Threads that each wait for one task at a time. There are a few more than executors, so that no executor waits for this
 * process. A thread hands on its result before it takes the next task, so that few results are in memory.
 */
final class TaskThreads<T, R> implements AutoCloseable {
    /** The default bound of a message of Spark's, less room for its own part. */
    static final int MOST_TASK_BYTES = 100 << 20;

    private static final int BESIDE_EXECUTORS = 2;
    private static final long LOOK_AROUND_MS = 500;
    private static final AtomicInteger RUNS = new AtomicInteger();

    private final Cluster cluster;
    private final ExecutorTask function;
    private final Messages<T, R> messages;
    private final WorkerPool.Tasks<T> tasks;
    private final String group = "sparrow-" + RUNS.incrementAndGet();
    private final SynchronousQueue<Event<T, R>> events = new SynchronousQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private int working;
    private volatile boolean over;
    private long lastSeen = System.nanoTime();

    private sealed interface Event<T, R> {
        record Came<T, R>(TaskOutcome<T, R> outcome) implements Event<T, R> {}

        record Failed<T, R>(Throwable reason) implements Event<T, R> {}

        record Ended<T, R>() implements Event<T, R> {}
    }

    TaskThreads(Cluster cluster, Ticket ticket, Job<T, R> job, WorkerPool.Tasks<T> tasks) {
        this.cluster = cluster;
        this.function = new ExecutorTask(Messages.of(new RemoteJob(ticket, job)));
        this.messages = new Messages<>(job);
        this.tasks = tasks;
        startMissing();
    }

    /**
     * The next outcome; empty when all have come.
     *
     * @throws IllegalArgumentException in one line if the executors cannot do the job, or a task is too large
     * @throws RunStoppedException if the thread was interrupted
     * @throws IOException if the tasks throw it, or the executors are gone and do not come back
     */
    Optional<TaskOutcome<T, R>> next() throws IOException {
        try {
            while (working > 0) {
                Event<T, R> event = events.poll(LOOK_AROUND_MS, TimeUnit.MILLISECONDS);
                startMissing();
                if (event != null) lastSeen = System.nanoTime();
                // The tasks that were under way failed with it.
                if (cluster.hasEnded() && !isGood(event)) throw new IOException(cluster.ended());
                switch (event) {
                    case null -> checkExecutors();
                    case Event.Came<T, R>(TaskOutcome<T, R> outcome) -> {
                        return Optional.of(outcome);
                    }
                    case Event.Failed<T, R>(IOException reason) -> throw reason;
                    case Event.Failed<T, R>(RuntimeException reason) -> throw reason;
                    case Event.Failed<T, R>(Error reason) -> throw reason;
                    case Event.Failed<T, R>(Throwable reason) -> throw new IllegalStateException(reason);
                    case Event.Ended<T, R>() -> working--;
                }
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new RunStoppedException();
        }
    }

    /** Some executors may have come only now. */
    private void startMissing() {
        while (threads.size() < cluster.executors() + BESIDE_EXECUTORS) {
            working++;
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("cluster-task-" + (threads.size() + 1))
                    .start(this::work));
        }
    }

    /** True if the event could as well have come before the end. */
    private static boolean isGood(Event<?, ?> event) {
        return event instanceof Event.Ended
                || event instanceof Event.Came<?, ?> came && came.outcome() instanceof TaskOutcome.Done;
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
            for (Optional<T> task = nextTask(); task.isPresent(); task = nextTask()) {
                events.put(new Event.Came<>(outcome(context, task.get())));
            }
            events.put(new Event.Ended<>());
        } catch (InterruptedException e) {
            // The run has ended.
        } catch (Throwable e) {
            // An error, too: else the run would wait for ever.
            tell(e);
        }
    }

    private void tell(Throwable failure) {
        try {
            events.put(new Event.Failed<>(failure));
        } catch (InterruptedException e) {
            // The run has ended.
        }
    }

    private Optional<T> nextTask() throws IOException {
        synchronized (tasks) {
            return over ? Optional.empty() : tasks.next();
        }
    }

    private TaskOutcome<T, R> outcome(JavaSparkContext context, T task) {
        byte[] message = messages.ofTask(task);
        if (message.length > MOST_TASK_BYTES) {
            throw new IllegalArgumentException(
                    "--set batch: what is asked together is too large to be sent: expected at most "
                            + (MOST_TASK_BYTES >> 20) + " MiB, got " + Math.ceilDiv(message.length, 1 << 20)
                            + " MiB; take a smaller one");
        }
        byte[] answer;
        try {
            answer = context.parallelize(List.of(message), 1)
                    .map(function)
                    .collect()
                    .getFirst();
        } catch (Exception e) {
            // Spark throws its checked exceptions undeclared.
            if (!(e instanceof SparkException)) throw e;
            return new TaskOutcome.Lost<>(task, FailureReason.ofLost(e));
        }
        ExecutorTask.Answer read = Messages.read(answer, ExecutorTask.Answer.class);
        // All executors were started alike: others would refuse, too.
        if (read.refusal() != null) throw new IllegalArgumentException(read.refusal());
        return new TaskOutcome.Done<>(task, messages.results(read.results()));
    }

    /** Stops the tasks that are under way. */
    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) thread.interrupt();
        if (working > 0 && !cluster.hasEnded()) cluster.context().sc().cancelJobGroupAndFutureJobs(group);
        // A task that is being made may write files; it must not when the caller goes on.
        synchronized (tasks) {
            working = 0;
        }
    }
}
