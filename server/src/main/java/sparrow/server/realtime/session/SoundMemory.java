package sparrow.server.realtime.session;

import java.util.concurrent.atomic.AtomicLong;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Problem;

/**
 * Bounds the sound that all sessions of a server hold until the model has processed it and a recogniser has transcribed
 * it. Half of the memory is divided equally among the sessions; the other half is granted first come, first served.
 * Thread-safe.
 */
public final class SoundMemory {
    /** Share of the heap: 1/{@code PART}. */
    private static final int PART = 4;

    private final long own;
    private final long common;

    /** Samples of all sessions beyond their equal shares. */
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param samples maximum of all sessions
     * @param sessions maximum number of sessions
     */
    SoundMemory(long samples, int sessions) {
        own = samples / 2 / sessions;
        common = samples / 2;
    }

    /** Creates a memory of a quarter of the heap. */
    public static SoundMemory ofHeap(int sessions) {
        return new SoundMemory(Runtime.getRuntime().maxMemory() / PART / Short.BYTES, sessions);
    }

    public Share share() {
        return new Share();
    }

    /** @param param place in a client's event of the sound for which there is no room */
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

    /** The sound of one session. Used only by the session's thread. */
    final class Share {
        private long held;
        private boolean closed;

        /** Returns the samples for which there is always room. */
        long own() {
            return own;
        }

        /**
         * Reserves room for more samples until {@link #hold} reports how many are held. Returns false if there is no
         * room.
         */
        boolean take(long more) {
            long beyond = beyond(held + more) - beyond(held);
            long before = taken.getAndUpdate(now -> now + beyond <= common ? now + beyond : now);
            if (beyond > 0 && before + beyond > common) return false;
            held += more;
            return true;
        }

        /** Sets the number of samples that are held. */
        void hold(long samples) {
            if (closed) return;
            taken.addAndGet(beyond(samples) - beyond(held));
            held = samples;
        }

        /** Releases everything at the end of the session. */
        void close() {
            hold(0);
            closed = true;
        }
    }
}
