package sparrow.server.http;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Lets few in at a time, and few wait. Safe for every thread. */
public final class ConcurrencyLimiter {
    private final Semaphore free;
    private final Semaphore room;
    private final String what;

    /**
     * @param atOnce that may be inside
     * @param mostWaiting that may wait for them
     * @param what waits, in words for the client that is sent away
     */
    public ConcurrencyLimiter(int atOnce, int mostWaiting, String what) {
        free = new Semaphore(atOnce, true);
        room = new Semaphore(atOnce + mostWaiting);
        this.what = what;
    }

    /**
     * Does some work inside.
     *
     * @throws HttpFailure if too many wait already
     */
    public <T> T pass(Supplier<T> work) {
        if (!room.tryAcquire()) {
            throw HttpFailure.busy("too many " + what);
        }
        try {
            free.acquireUninterruptibly();
            try {
                return work.get();
            } finally {
                free.release();
            }
        } finally {
            room.release();
        }
    }
}
