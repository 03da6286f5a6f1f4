package sparrow.study.run;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Makes the results of replies in their order, at once or on a thread of its own, beside their decoding. */
final class ResultThread implements AutoCloseable {
    /** Replies that may wait: enough to keep the thread busy, few enough to lose. */
    private static final int WAITING = 64;

    private static final long PATIENCE_SECONDS = 15;

    private final boolean beside;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sparrow-results").factory());
    private final Deque<Future<?>> waiting = new ArrayDeque<>();

    interface Task {
        void run() throws IOException;
    }

    /**
     * @param beside true for a thread of its own
     */
    ResultThread(boolean beside) {
        this.beside = beside;
    }

    /** Runs a task, or hands it to the thread; waits while too many wait already. */
    void run(Task task) throws IOException {
        if (!beside) {
            task.run();
            return;
        }
        waiting.add(thread.submit(() -> {
            task.run();
            return null;
        }));
        while (waiting.size() > WAITING) await(waiting.poll());
    }

    /** Waits until all tasks are done. */
    void finish() throws IOException {
        while (!waiting.isEmpty()) await(waiting.poll());
    }

    private static void await(Future<?> task) throws IOException {
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunStoppedException();
        } catch (ExecutionException e) {
            throw Failures.of(e);
        }
    }

    /** Waits for the task that is under way; those that wait are lost. */
    @Override
    public void close() {
        thread.shutdown();
        waiting.forEach(task -> task.cancel(false));
        boolean interrupted = Thread.interrupted();
        try {
            thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
