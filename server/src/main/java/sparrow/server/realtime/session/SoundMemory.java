package sparrow.server.realtime.session;

import java.util.concurrent.atomic.AtomicLong;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Problem;

/**
 * Bounds the sound that all sessions of a server hold until the model has listened to it and a recogniser has written it down. One half of the room is shared out among the
 * sessions in equal parts; the other half goes to the sessions that need it first. Safe for every thread.
 */
public final class SoundMemory {
    /** Of the heap. */
    private static final int PART = 4;

    private final long own;
    private final long common;

    /** Samples of all sessions beyond their own parts. */
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param samples of all sessions
     * @param sessions at most
     */
    SoundMemory(long samples, int sessions) {
        own = samples / 2 / sessions;
        common = samples / 2;
    }

    /** A quarter of this machine's heap. */
    public static SoundMemory ofHeap(int sessions) {
        return new SoundMemory(Runtime.getRuntime().maxMemory() / PART / Short.BYTES, sessions);
    }

    public Share share() {
        return new Share();
    }

    /** @param param where sound stands in a client's event for which there is no room */
    static RefusedException full(String param) {
        return new RefusedException(
                Problem.RATE_LIMIT,
                param,
                param + ": expected less sound at once, the sessions hold as much as fits into the memory;"
                        + " commit or clear some, or try again later");
    }

    private long beyond(long samples) {
        return Math.max(0, samples - own);
    }

    /** The sound of one session. Of its thread. */
    final class Share {
        private long held;
        private boolean closed;

        /** Samples for which there is always room. */
        long own() {
            return own;
        }

        /** Takes room for so many samples more until {@link #hold} says how many are held; false if there is none. */
        boolean take(long more) {
            long beyond = beyond(held + more) - beyond(held);
            long before = taken.getAndUpdate(now -> now + beyond <= common ? now + beyond : now);
            if (beyond > 0 && before + beyond > common) return false;
            held += more;
            return true;
        }

        /** So many samples are held now. */
        void hold(long samples) {
            if (closed) return;
            taken.addAndGet(beyond(samples) - beyond(held));
            held = samples;
        }

        /** The session is over. */
        void close() {
            hold(0);
            closed = true;
        }
    }
}
