package sparrow.server.message;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs work that tokenizes text. A million characters take about a second. On a virtual thread, this would block one of
 * the few carrier threads that all requests and conversations need, so that not even {@code /healthz} is answered.
 */
public final class LongTexts {
    /** Number of characters up to which work runs on the calling thread. It takes about 10 ms. */
    static final int SHORT = 1 << 13;

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final long IDLE_SECONDS = 10;

    /** The threads. The length of their queue is limited by the number of connections, because each waits. */
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            PROCESSORS,
            PROCESSORS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("sparrow-texts-", 0).factory());

    static {
        THREADS.allowCoreThreadTimeOut(true);
    }

    private LongTexts() {}

    /**
     * Runs work and waits for its result. If the text is long and the caller is a virtual thread, the work runs on one
     * of a few platform threads.
     *
     * @param characters the length of the text
     */
    public static <T> T run(long characters, Supplier<T> work) {
        if (!Thread.currentThread().isVirtual()) return work.get();
        if (characters <= SHORT) {
            T result = work.get();
            // The caller may continue with many more texts.
            Thread.yield();
            return result;
        }
        try {
            return CompletableFuture.supplyAsync(work, THREADS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw (RuntimeException) e.getCause(); // a supplier throws only unchecked exceptions
        }
    }
}
