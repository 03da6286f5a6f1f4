package sparrow.server.realtime.session;

import java.util.concurrent.atomic.AtomicLong;
import sparrow.server.message.HeapShare;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Problem;

/**
 * Limits what all sessions of a server hold together: the samples that the model has not processed and a recogniser has
 * not transcribed yet, the bytes of conversations and settings, or the bytes of calls' messages. Half of the memory is
 * divided equally among the sessions; the other half is assigned in the order of the requests. Thread-safe.
 */
public final class SessionMemory {
    private final HeapShare heap;

    /** Bytes of the heap for a unit of the amount. */
    private final int unitBytes;

    private final long own;
    private final long common;

    /** The amount that all sessions hold beyond their equal shares. */
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param size the maximum amount in all sessions
     * @param sessions the maximum number of sessions
     * @param heap the share of the heap that contains the amount
     * @param unitBytes bytes of the heap for a unit of the amount
     */
    private SessionMemory(long size, int sessions, HeapShare heap, int unitBytes) {
        own = size / 2 / sessions;
        common = size / 2;
        this.heap = heap;
        this.unitBytes = unitBytes;
    }

    /**
     * Creates a memory for bytes of conversations.
     *
     * @param size the maximum amount in all sessions
     * @param sessions the maximum number of sessions
     */
    public SessionMemory(long size, int sessions) {
        this(size, sessions, HeapShare.SESSION_TEXTS, 1);
    }

    /** Creates a memory for samples. Kept audio, as much as the equal parts of all sessions, is in the same share. */
    public static SessionMemory ofSamples(int sessions) {
        HeapShare audio = HeapShare.SESSION_AUDIO;
        return new SessionMemory(audio.limit() * 2 / 3 / Short.BYTES, sessions, audio, Short.BYTES);
    }

    /** Creates a memory for the bytes of conversations and settings. */
    public static SessionMemory ofTexts(int sessions) {
        return new SessionMemory(HeapShare.SESSION_TEXTS.limit(), sessions);
    }

    /** Creates a memory for the bytes of calls' messages. */
    public static SessionMemory ofMessages(int sessions) {
        return new SessionMemory(HeapShare.CALLS.limit(), sessions, HeapShare.CALLS, 1);
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

    /** Returns the refusal for an event whose text does not fit into the memory. */
    static RefusedException fullOfText() {
        return new RefusedException(
                Problem.RATE_LIMIT,
                null,
                "expected less text at once, because the memory for sessions is full; delete items, or try again later");
    }

    /** Returns the refusal for a question whose encoded audio does not fit into the memory. */
    static RefusedException fullOfQuestions() {
        return new RefusedException(
                Problem.RATE_LIMIT,
                null,
                "expected no further audio, because the memory for sessions is full; delete items, or try again later");
    }

    private long beyond(long amount) {
        return Math.max(0, amount - own);
    }

    /** The part of one session. Not thread-safe. */
    public final class Share {
        private long held;
        private long keptBytes;
        private boolean closed;

        /** Returns the amount that is reserved for the session. */
        long own() {
            return own;
        }

        /**
         * Reserves memory for more until {@link #hold} sets the amount that is held. Returns whether there was enough
         * memory.
         */
        public boolean take(long more) {
            if (closed) return false;
            long beyond = beyond(held + more) - beyond(held);
            long before = taken.getAndUpdate(now -> now + beyond <= common ? now + beyond : now);
            if (beyond > 0 && before + beyond > common) return false;
            held += more;
            heap.add(more * unitBytes);
            return true;
        }

        /** Sets the amount that is held. */
        public void hold(long amount) {
            if (closed) return;
            taken.addAndGet(beyond(amount) - beyond(held));
            heap.add((amount - held) * unitBytes);
            held = amount;
        }

        /** Sets the number of bytes that are kept outside of the amount. */
        void keep(long bytes) {
            if (closed) return;
            heap.add(bytes - keptBytes);
            keptBytes = bytes;
        }

        /** Releases all memory at the end of the session. */
        public void close() {
            hold(0);
            keep(0);
            closed = true;
        }
    }
}
