package sparrow.tensor.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * A fixed set of platform threads for arithmetic. The calling thread also works, so a pool of size one does not start a
 * thread. Threads take pieces dynamically, in ever shorter runs of consecutive pieces, so that a slower thread takes
 * fewer pieces and each thread reads its weights sequentially.
 *
 * <p>One job runs at a time. If a second caller arrives in the meantime (for example, if one chunk is vocoded while the
 * next is decoded), it waits for its turn. If the pool leaves some of the machine's processors free, the second caller
 * runs its job on its own thread instead. A job that is started from within another job runs on the thread that starts
 * it.
 */
public final class ComputePool implements AutoCloseable {
    /** Divisor of a thread's share of the remaining pieces; the quotient is the maximum length of a run. */
    private static final int RUNS = 3;

    /** Number of times that an idle worker spins before it parks. The spins cover the gap between two layers. */
    private static final int SPINS = 20_000;

    /**
     * Minimum work of a shared job, which is about ten microseconds of vector arithmetic. Distributing the pieces takes
     * less time.
     */
    private static final long SHARED_WORK = 1 << 17;

    private final Thread[] workers;
    private final boolean sparesProcessors;

    /** True while callers run their jobs on their own threads. */
    private final AtomicBoolean alone = new AtomicBoolean();

    /** Fair lock, with which callers alternate job by job. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private volatile Job job;
    private volatile boolean closed;

    /**
     * Creates a pool of {@code threads} threads, including the caller's.
     *
     * @throws IllegalArgumentException if {@code threads} is less than 1 or greater than the maximum of four per
     *     processor, or of 16 if that is greater
     */
    public ComputePool(int threads) {
        if (threads < 1) throw new IllegalArgumentException("threads: expected 1 or more, got " + threads);
        if (threads > maxThreads()) {
            throw new IllegalArgumentException(
                    "threads: expected at most " + maxThreads() + " on this machine, got " + threads);
        }
        sparesProcessors = threads < Runtime.getRuntime().availableProcessors();
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = Thread.ofPlatform()
                    .daemon()
                    .name("sparrow-compute-" + (i + 1))
                    .start(this::work);
        }
    }

    /** Creates a pool with one thread per processor. */
    public static ComputePool ofMachine() {
        return new ComputePool(Runtime.getRuntime().availableProcessors());
    }

    /**
     * Returns the maximum size of a pool: four threads per processor, or 16 threads if that is greater. More threads
     * would only wait for each other.
     */
    static int maxThreads() {
        return Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
    }

    /** Returns the number of threads that work on a job, including the caller's. */
    public int threads() {
        return workers.length + 1;
    }

    /**
     * Runs {@code body} for every piece from 0 to {@code pieces - 1} and returns when all pieces have finished. Pieces
     * run in any order on any thread. If a piece throws an exception, the exception is rethrown after the other pieces
     * have finished.
     */
    public void forEach(int pieces, IntConsumer body) {
        if (pieces <= 1 || workers.length == 0 || alone.get() || isWithinJob() || !tryAcquire()) {
            for (int piece = 0; piece < pieces; piece++) body.accept(piece);
            return;
        }
        try {
            Job mine = new Job(pieces, threads(), body);
            job = mine;
            for (Thread worker : workers) LockSupport.unpark(worker);
            mine.run();
            mine.await();
        } finally {
            job = null;
            turn.unlock();
        }
    }

    private boolean isWithinJob() {
        if (turn.isHeldByCurrentThread()) return true;
        for (Thread worker : workers) if (worker == Thread.currentThread()) return true;
        return false;
    }

    /** Acquires the pool for one job. Returns false if running the job on the calling thread is better than waiting. */
    private boolean tryAcquire() {
        if (sparesProcessors) return turn.tryLock();
        turn.lock();
        return true;
    }

    /**
     * Runs {@code body} for every piece like {@link #forEach(int, IntConsumer)}, but only on the calling thread if
     * there is too little work to wake other threads.
     *
     * @param work total number of multiply-adds, or of elements read and written, in all pieces
     */
    public void forEach(int pieces, long work, IntConsumer body) {
        if (work >= SHARED_WORK) forEach(pieces, body);
        else for (int piece = 0; piece < pieces; piece++) body.accept(piece);
    }

    /**
     * Runs {@code body} without the pool's worker threads. Until it returns, every caller runs its jobs on its own
     * thread. This method is useful for work that waits for the JIT instead of arithmetic, on a machine without a free
     * processor for the compilers. Results do not change.
     *
     * <p>Jobs that are already running continue on their threads. If several callers are in this method at the same
     * time, the workers are used again as soon as the caller that entered first returns.
     *
     * @return the result of {@code body}
     */
    public <T, E extends Exception> T alone(Work<T, E> body) throws E {
        boolean mine = alone.compareAndSet(false, true);
        try {
            return body.run();
        } finally {
            if (mine) alone.set(false);
        }
    }

    /** Work for {@link ComputePool#alone}. */
    public interface Work<T, E extends Exception> {
        /** Does the work. */
        T run() throws E;
    }

    /** Stops the worker threads. A running job is completed by its caller. */
    @Override
    public void close() {
        closed = true;
        for (Thread worker : workers) LockSupport.unpark(worker);
    }

    private void work() {
        Job done = null;
        while (!closed) {
            Job next = job;
            for (int spin = 0; (next == null || next == done) && spin < SPINS && !closed; spin++) {
                Thread.onSpinWait();
                next = job;
            }
            if (next == null || next == done) {
                LockSupport.park(this);
            } else {
                next.run();
                done = next;
            }
        }
    }

    private static final class Job {
        private final int pieces;
        private final int threads;
        private final IntConsumer body;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger finished = new AtomicInteger();
        private volatile Throwable failure;

        Job(int pieces, int threads, IntConsumer body) {
            this.pieces = pieces;
            this.threads = threads;
            this.body = body;
        }

        /** Takes and runs pieces until none remain. Runs are long at first and consist of single pieces at the end. */
        void run() {
            for (int first = next.get(); first < pieces; first = next.get()) {
                int run = Math.max(1, (pieces - first) / (RUNS * threads));
                if (!next.compareAndSet(first, first + run)) continue;
                for (int piece = first; piece < first + run; piece++) run(piece);
                finished.addAndGet(run);
            }
        }

        private void run(int piece) {
            try {
                body.accept(piece);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }

        void await() {
            while (finished.get() < pieces) Thread.onSpinWait();
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }
}
