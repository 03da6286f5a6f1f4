package sparrow.study.scoring;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import sparrow.study.run.Failures;
import sparrow.study.run.RunStoppedException;

/** The threads that run the tasks of a scorer. */
public final class ScoringThreads implements AutoCloseable {
    /** Maximum time to wait for a thread, in seconds. This time is longer than a recogniser needs for an utterance. */
    private static final long PATIENCE_SECONDS = 60;

    private final ExecutorService threads;

    /** Creates the given number of threads. */
    public ScoringThreads(int count) {
        threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name("sparrow-scorer-", 0).factory());
    }

    /** Runs a task when a thread is available, and returns its future. */
    public <T> Future<T> begin(Callable<T> task) {
        return threads.submit(task);
    }

    /**
     * Waits for the result of a task, and returns it.
     *
     * @throws RunStoppedException if this thread is interrupted before the result is available
     * @throws IOException if the task throws it
     */
    public static <T> T await(Future<T> task) throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            throw new RunStoppedException();
        } catch (ExecutionException e) {
            throw Failures.of(e);
        }
    }

    /** Interrupts the threads and waits for them, so that the scorers can be closed afterwards. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
