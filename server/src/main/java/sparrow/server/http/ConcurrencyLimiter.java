package sparrow.server.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Limits the number of long computations that run and wait at a time. They run on platform threads, because on virtual
 * threads they would block the carrier threads that all requests and conversations need. Thread-safe.
 */
public final class ConcurrencyLimiter {
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    private final Semaphore room;
    private final String what;

    /**
     * Creates a limiter.
     *
     * @param atOnce the maximum number of running computations
     * @param maxWaiting the maximum number of waiting computations
     * @param what a plural noun for the computations, used in the error message
     */
    public ConcurrencyLimiter(int atOnce, int maxWaiting, String what) {
        threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("sparrow-limited-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        room = new Semaphore(atOnce + maxWaiting);
        this.what = what;
    }

    /**
     * Runs a computation and waits for its result.
     *
     * @throws HttpFailure if too many computations are already waiting
     */
    public <T> T pass(Supplier<T> work) {
        if (!room.tryAcquire()) throw HttpFailure.busy("too many " + what);
        try {
            return CompletableFuture.supplyAsync(work, threads).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw (RuntimeException) e.getCause(); // a supplier throws only unchecked exceptions
        } finally {
            room.release();
        }
    }
}
