package sparrow.server.realtime.session;

import java.util.concurrent.atomic.AtomicLong;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Problem;

/**
 * Limits the audio that all sessions of a server hold until the model has processed it and a recogniser has transcribed
 * it. Half of the memory is divided equally among the sessions; the other half is assigned in the order of the
 * requests. Thread-safe.
 */
public final class SoundMemory {
    /** Share of the heap: 1/{@code PART}. */
    private static final int PART = 4;

    private final long own;
    private final long common;

    /** Number of samples that all sessions hold beyond their equal shares. */
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param samples the maximum number of samples in all sessions
     * @param sessions the maximum number of sessions
     */
    SoundMemory(long samples, int sessions) {
        own = samples / 2 / sessions;
        common = samples / 2;
    }

    /** Creates a memory that takes up to a quarter of the heap. */
    public static SoundMemory ofHeap(int sessions) {
        return new SoundMemory(Runtime.getRuntime().maxMemory() / PART / Short.BYTES, sessions);
    }

    public Share share() {
        return new Share();
    }

    /** Returns the refusal for audio, at the given place in a client's event, that does not fit into the memory. */
    static RefusedException full(String param) {
        return new RefusedException(
                Problem.RATE_LIMIT,
                param,
                param + ": expected less audio at once, because the memory for sessions is full;"
                        + " commit or clear some, or try again later");
    }

    private long beyond(long samples) {
        return Math.max(0, samples - own);
    }

    /** The audio of one session. Used only by the session's thread. */
    final class Share {
        private long held;
        private boolean closed;

        /** Returns the number of samples that are reserved for the session. */
        long own() {
            return own;
        }

        /**
         * Reserves memory for more samples until {@link #hold} sets the number of samples that are held. Returns
         * whether there was enough memory.
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

        /** Releases all memory at the end of the session. */
        void close() {
            hold(0);
            closed = true;
        }
    }
}
