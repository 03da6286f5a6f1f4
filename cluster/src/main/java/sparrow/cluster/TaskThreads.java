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
 * Threads that each wait for one task at a time. There are two more threads than executors, so that no executor waits
 * for this process. A thread delivers its result before it fetches the next task, so that the number of results in
 * memory is limited.
 */
final class TaskThreads<T, R> implements AutoCloseable {
    /** Spark's default maximum message size, minus space for Spark's own data. */
    static final int MAX_TASK_BYTES = 100 << 20;

    private static final int EXTRA_THREADS = 2;
    private static final long POLL_MS = 500;
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
        record Arrived<T, R>(TaskOutcome<T, R> outcome) implements Event<T, R> {}

        record Failed<T, R>(Throwable reason) implements Event<T, R> {}

        record Ended<T, R>() implements Event<T, R> {}
    }

    TaskThreads(Cluster cluster, Ticket ticket, Job<T, R> job, WorkerPool.Tasks<T> tasks) throws IOException {
        this.cluster = cluster;
        this.function = new ExecutorTask(Messages.of(RemoteJob.of(ticket, job)));
        this.messages = new Messages<>(job);
        this.tasks = tasks;
        startMissing();
    }

    /**
     * Waits for the next outcome.
     *
     * @return the outcome, or empty if all tasks are complete
     * @throws IllegalArgumentException if the executors cannot run the job, or a task is too large; the message is one
     *     line
     * @throws RunStoppedException if the thread is interrupted
     * @throws IOException if creating a task fails, or if no executor has been available for the configured time
     */
    Optional<TaskOutcome<T, R>> next() throws IOException {
        try {
            while (working > 0) {
                Event<T, R> event = events.poll(POLL_MS, TimeUnit.MILLISECONDS);
                startMissing();
                if (event != null) lastSeen = System.nanoTime();
                // The running tasks have failed because the connection was closed.
                if (cluster.hasEnded() && !isGood(event)) throw new IOException(cluster.ended());
                switch (event) {
                    case null -> checkExecutors();
                    case Event.Arrived<T, R>(TaskOutcome<T, R> outcome) -> {
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

    /** Starts threads for executors that have been added. */
    private void startMissing() {
        while (threads.size() < cluster.executors() + EXTRA_THREADS) {
            working++;
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("cluster-task-" + (threads.size() + 1))
                    .start(this::work));
        }
    }

    /** Returns whether the event remains valid after the connection is closed. */
    private static boolean isGood(Event<?, ?> event) {
        return event instanceof Event.Ended
                || event instanceof Event.Arrived<?, ?> came && came.outcome() instanceof TaskOutcome.Done;
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
                events.put(new Event.Arrived<>(outcome(context, task.get())));
            }
            events.put(new Event.Ended<>());
        } catch (InterruptedException e) {
            // The run has ended.
        } catch (Throwable e) {
            // Errors are reported, too; otherwise the run would wait forever.
            report(e);
        }
    }

    private void report(Throwable failure) {
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
        if (message.length > MAX_TASK_BYTES) {
            throw new IllegalArgumentException("--set batch: the batch is too large to be sent: expected at most "
                    + (MAX_TASK_BYTES >> 20) + " MiB, got " + Math.ceilDiv(message.length, 1 << 20)
                    + " MiB; use a smaller batch");
        }
        byte[] answer;
        try {
            answer = context.parallelize(List.of(message), 1)
                    .map(function)
                    .collect()
                    .getFirst();
        } catch (Exception e) {
            // Spark throws checked exceptions without declaring them.
            if (!(e instanceof SparkException)) throw e;
            return new TaskOutcome.Lost<>(task, FailureReason.ofLost(e));
        }
        ExecutorTask.Answer read = Messages.read(answer, ExecutorTask.Answer.class);
        // All executors have the same configuration, so other executors would reject the job as well.
        if (read.refusal() != null) throw new IllegalArgumentException(read.refusal());
        return new TaskOutcome.Done<>(task, messages.results(read.results()));
    }

    /** Cancels the running tasks. */
    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) thread.interrupt();
        if (working > 0 && !cluster.hasEnded()) cluster.context().sc().cancelJobGroupAndFutureJobs(group);
        // Wait for a task that is being created, because its creation may write files.
        synchronized (tasks) {
            working = 0;
        }
    }
}
