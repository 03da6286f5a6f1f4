package sparrow.study.worker;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import sparrow.study.run.Job;
import sparrow.study.run.Messages;
import sparrow.study.run.WorkerPool;

/** A worker of its own in this process: jobs, tasks and results reach it and come back as bytes, the later tasks first. */
public final class ElsewherePool implements WorkerPool {
    private final Ticket ticket;
    private final RemoteWorker worker;
    private final Random random;

    /** A worker that stays open. */
    public ElsewherePool(Ticket ticket, RemoteWorker worker, long seed) {
        this.ticket = ticket;
        this.worker = worker;
        this.random = new Random(seed);
    }

    /** A job as another process reads it. */
    @SuppressWarnings("unchecked")
    public static <J extends Job<?, ?>> J travelled(J job) {
        return (J) Messages.read(Messages.of(new RemoteJob(null, null, job)), RemoteJob.class)
                .job();
    }

    @Override
    public <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
        byte[] message = Messages.of(RemoteJob.of(ticket, job));
        Messages<T, R> messages = new Messages<>(job);
        List<T> waiting = new ArrayList<>();
        for (Optional<T> task = tasks.next(); task.isPresent(); task = tasks.next()) {
            waiting.add(task.get());
            if (waiting.size() > 2) perform(message, messages, waiting.remove(random.nextInt(3)), sink);
        }
        for (Deque<T> rest = new ArrayDeque<>(waiting); !rest.isEmpty(); )
            perform(message, messages, rest.removeLast(), sink);
    }

    private <T, R> void perform(byte[] job, Messages<T, R> messages, T task, Sink<T, R> sink) throws IOException {
        byte[] results;
        try {
            results = worker.perform(job, messages.ofTask(task));
        } catch (UnfitWorkerException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        for (R result : messages.results(results)) sink.found(task, result);
        sink.finished(task);
    }
}
