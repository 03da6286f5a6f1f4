package sparrow.server.model;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import sparrow.server.http.HttpFailure;

/** Lets one in at a time, and few wait. Safe for every thread. */
final class Turnstile {
    private final Semaphore one = new Semaphore(1, true);
    private final Semaphore room;

    /** @param mostWaiting that may wait for the one inside */
    Turnstile(int mostWaiting) {
        room = new Semaphore(1 + mostWaiting);
    }

    /**
     * Does some work alone.
     *
     * @throws HttpFailure if too many wait already
     */
    <T> T pass(Supplier<T> work) {
        if (!room.tryAcquire()) {
            throw HttpFailure.busy("busy: too many recordings or codes wait; try again later", Duration.ofSeconds(1));
        }
        try {
            one.acquireUninterruptibly();
            try {
                return work.get();
            } finally {
                one.release();
            }
        } finally {
            room.release();
        }
    }
}
