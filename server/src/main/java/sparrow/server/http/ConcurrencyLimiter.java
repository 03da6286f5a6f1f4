package sparrow.server.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets few do long work at a time, and few wait. The work has threads of the platform: on virtual ones it would keep the processors
 * from all calls and conversations until it is done. Safe for every thread.
 */
public final class ConcurrencyLimiter {
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    private final Semaphore room;
    private final String what;

    /**
     * @param atOnce that may be at work
     * @param mostWaiting that may wait for them
     * @param what waits, in words for the client that is sent away
     */
    public ConcurrencyLimiter(int atOnce, int mostWaiting, String what) {
        threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("sparrow-limited-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        room = new Semaphore(atOnce + mostWaiting);
        this.what = what;
    }

    /**
     * Has some work done.
     *
     * @throws HttpFailure if too much waits already
     */
    public <T> T pass(Supplier<T> work) {
        if (!room.tryAcquire()) throw HttpFailure.busy("too many " + what);
        try {
            return CompletableFuture.supplyAsync(work, threads).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw (RuntimeException) e.getCause(); // a supplier throws no other
        } finally {
            room.release();
        }
    }
}
