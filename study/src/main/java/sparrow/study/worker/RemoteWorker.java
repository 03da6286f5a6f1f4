package sparrow.study.worker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import sparrow.formats.BadFileException;
import sparrow.models.SpokenModel;
import sparrow.study.run.Job;
import sparrow.study.run.Messages;
import sparrow.study.run.ModelSettings;
import sparrow.study.run.Worker;
import sparrow.study.run.WorkerPool;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.VectorWidth;

/**
 * Performs jobs for other processes. The model is opened for the first task; the model and the worker of the most
 * recent job remain open. Thread-safe; one task is performed at a time.
 */
public final class RemoteWorker implements AutoCloseable {
    private Opened opened;
    private Open<?, ?> open;

    private record Opened(Ticket ticket, ComputePool pool, SpokenModel model) {
        void close() {
            model.close();
            pool.close();
        }
    }

    /**
     * The open worker of a job.
     *
     * @param bytes message of the job
     */
    private record Open<T, R>(byte[] bytes, Messages<T, R> messages, Worker<T, R> worker) {
        static <T, R> Open<T, R> of(byte[] bytes, Job<T, R> job, SpokenModel model) throws IOException {
            return new Open<>(bytes, new Messages<>(job), job.open(model));
        }

        byte[] perform(byte[] task) throws IOException {
            Results<T, R> results = new Results<>(Collections.synchronizedList(new ArrayList<>()));
            worker.perform(messages.task(task), results);
            worker.finish();
            return messages.ofResults(List.copyOf(results.all()));
        }
    }

    /** Collects results, which may arrive on other threads. */
    private record Results<T, R>(List<R> all) implements WorkerPool.Sink<T, R> {
        @Override
        public void found(T task, R result) {
            all.add(result);
        }

        @Override
        public void lost(T task, String reason) {
            throw new IllegalStateException(reason);
        }
    }

    /**
     * Performs a task of a job.
     *
     * @param job message with a {@link RemoteJob}
     * @param task message with a task of the job
     * @return message with the results
     * @throws UnfitWorkerException if this process cannot perform the job
     * @throws sparrow.study.run.RunStoppedException if the thread is interrupted
     * @throws sparrow.study.run.BadMessageException if a message is invalid
     * @throws IOException if the task cannot be performed
     */
    public synchronized byte[] perform(byte[] job, byte[] task) throws IOException, UnfitWorkerException {
        if (open == null || !Arrays.equals(open.bytes(), job)) open(job);
        try {
            return open.perform(task);
        } catch (BadFileException e) {
            // The exception concerns a file that all tasks require.
            leave();
            throw unfit(": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            // A worker with an incomplete task cannot be used for the next task.
            leave();
            throw e;
        }
    }

    private void open(byte[] job) throws IOException, UnfitWorkerException {
        leave();
        RemoteJob requested = Messages.read(job, RemoteJob.class);
        requireSame("build", RemoteJob.build(requested.job()), requested.build());
        if (opened == null || !opened.ticket().equals(requested.ticket())) open(requested.ticket());
        try {
            open = Open.of(job, requested.job(), opened.model());
        } catch (IllegalArgumentException e) {
            throw unfit(": " + e.getMessage());
        }
    }

    private void leave() {
        if (open != null) open.worker().close();
        open = null;
    }

    private void open(Ticket ticket) throws IOException, UnfitWorkerException {
        close();
        requireWidth(ticket.vectorBits());
        ComputePool pool = new ComputePool(ticket.threads());
        try {
            opened = new Opened(ticket, pool, ticket.model().open(pool));
        } catch (IllegalArgumentException e) {
            pool.close();
            throw unfit(": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            pool.close();
            throw e;
        }
        try {
            check(ticket, opened.model());
        } catch (IOException | RuntimeException | UnfitWorkerException e) {
            close();
            throw e;
        }
    }

    /** Rejects vectors wider than this machine's, because their emulation would be many times slower. */
    private static void requireWidth(int bits) throws UnfitWorkerException {
        int own = VectorWidth.preferred();
        if (own >= bits) return;
        throw unfit(" computes with " + own + "-bit vectors, this run with " + bits
                + "; start it with --set vector-bits=" + own);
    }

    private static void check(Ticket ticket, SpokenModel model) throws IOException, UnfitWorkerException {
        requireSame("arithmetic", model.numerics(), ticket.numerics());
        ModelSettings own = ModelSettings.of(model);
        ModelSettings requested = ticket.settings();
        requireSame("model", own.fingerprint(), requested.fingerprint());
        requireSame("weights", own.weights(), requested.weights());
        requireSame("exit heads", own.heads(), requested.heads());
        requireSame("frame exit heads", own.frameHeads(), requested.frameHeads());
        requireSame("model", own, requested);
    }

    private static void requireSame(String part, Object found, Object expected) throws UnfitWorkerException {
        if (Objects.equals(found, expected)) return;
        throw unfit(" has another " + part + ": expected " + expected + ", found " + found);
    }

    private static UnfitWorkerException unfit(String why) {
        return new UnfitWorkerException("worker " + host() + why);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "of unknown name";
        }
    }

    /** Closes the model; the next task opens it again. */
    @Override
    public synchronized void close() {
        leave();
        if (opened != null) opened.close();
        opened = null;
    }
}
