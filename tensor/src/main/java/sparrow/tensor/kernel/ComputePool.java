package sparrow.tensor.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * The fixed platform threads that arithmetic runs on. The calling thread works too, so a pool of one has no thread of
 * its own. Pieces are handed out as they are asked for, in ever shorter runs of neighbours: a thread that a busy
 * neighbour slows down takes fewer, and each reads its weights from end to end.
 *
 * <p>One job runs at a time. A second caller that arrives meanwhile (a chunk is vocoded while the next one is decoded)
 * waits for its turn, unless the pool leaves processors of the machine free: then it does its job alone on its own thread.
 * A job that is started from within another one runs on the thread that starts it.
 */
public final class ComputePool implements AutoCloseable {
    /** A run takes at most this share of what is left for each thread. */
    private static final int RUNS = 3;

    /** Turns in which an idle worker looks for the next job before it sleeps; they cover the gap between two layers. */
    private static final int SPINS = 20_000;

    /** Work that takes a thread longer than handing out pieces does: some ten microseconds of vector arithmetic. */
    private static final long SHARED_WORK = 1 << 17;

    private final Thread[] workers;
    private final boolean sparesProcessors;

    /** True while callers do their jobs themselves. */
    private final AtomicBoolean alone = new AtomicBoolean();

    /** Fair: callers take turns, job by job. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private volatile Job job;
    private volatile boolean closed;

    /**
     * A pool of {@code threads} threads, the caller among them.
     *
     * @throws IllegalArgumentException if there would be none, or more than four for each processor, 16 at least
     */
    public ComputePool(int threads) {
        if (threads < 1) throw new IllegalArgumentException("threads: expected 1 or more, got " + threads);
        if (threads > mostThreads()) {
            throw new IllegalArgumentException(
                    "threads: expected at most " + mostThreads() + " on this machine, got " + threads);
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

    /** A pool with a thread for each processor. */
    public static ComputePool ofMachine() {
        return new ComputePool(Runtime.getRuntime().availableProcessors());
    }

    /** The most threads of a pool: four for each processor, and 16 at least. More of them only wait for each other. */
    static int mostThreads() {
        return Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
    }

    /** Threads that work on a job, the caller among them. */
    public int threads() {
        return workers.length + 1;
    }

    /**
     * Runs {@code body} for every piece 0 .. pieces-1 and returns when all are done. Pieces run in any order, on any
     * thread; an exception of one is thrown here after the others have ended.
     */
    public void forEach(int pieces, IntConsumer body) {
        if (pieces <= 1 || workers.length == 0 || alone.get() || isWithinJob() || !takeTurn()) {
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

    /** Takes the pool for one job; false where doing it alone is better than waiting. */
    private boolean takeTurn() {
        if (sparesProcessors) return turn.tryLock();
        turn.lock();
        return true;
    }

    /**
     * As {@link #forEach(int, IntConsumer)}, but on the calling thread alone where there is too little to do to be worth
     * waking another one.
     *
     * @param work multiply-adds, or elements read and written, of all pieces together
     */
    public void forEach(int pieces, long work, IntConsumer body) {
        if (work >= SHARED_WORK) forEach(pieces, body);
        else for (int piece = 0; piece < pieces; piece++) body.accept(piece);
    }

    /**
     * Runs {@code body} without the pool's threads: whatever a caller hands to the pool meanwhile, it does itself, and the
     * other threads sleep. For work that waits for the JIT more than for arithmetic, on a machine with no processor
     * to spare for the compilers. Results are the same.
     *
     * <p>A job that is running already is finished as it began. If another caller is alone, the threads are shared again
     * as soon as that one ends.
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

    /** Something that is done alone. */
    public interface Work<T, E extends Exception> {
        /** Does it. */
        T run() throws E;
    }

    /** Ends the threads. A running job is finished first by its caller. */
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

        /** Takes runs of pieces until none is left: long ones first, single ones at the end. */
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
