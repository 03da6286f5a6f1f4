package sparrow.server.reply;

import java.util.ArrayDeque;
import java.util.Deque;
import sparrow.server.http.HttpFailure;
import sparrow.server.message.HeapShare;
import sparrow.server.message.MessageMemory;

/**
 * The memory of an answer that is sent when it is complete, in {@link HeapShare#ANSWERS}. A short answer is not counted.
 * If the share is full, the youngest incomplete answers are rejected, so that the oldest can be completed. An answer
 * that is longer than the share takes all of it. Used by one thread.
 */
public final class AnswerMemory implements AutoCloseable {
    /** The counted incomplete answers, oldest first. It is also the lock of all instances. */
    private static final Deque<AnswerMemory> INCOMPLETE = new ArrayDeque<>();

    private long bytes;
    private long taken;
    private boolean isRejected;

    /**
     * Adds bytes to the answer.
     *
     * @throws HttpFailure if older answers need the memory
     */
    public void add(long more) {
        synchronized (INCOMPLETE) {
            check();
            bytes += more;
            if (bytes <= MessageMemory.HEAP.shortBytes()) return;
            if (!INCOMPLETE.contains(this)) INCOMPLETE.add(this);
            while (!HeapShare.ANSWERS.take(bytes - taken)) {
                long free = HeapShare.ANSWERS.limit() - HeapShare.ANSWERS.used();
                boolean isAlone = HeapShare.ANSWERS.used() == taken;
                if (isAlone && !HeapShare.ANSWERS.take(free)) continue;
                if (isAlone) {
                    taken += free;
                    return;
                }
                INCOMPLETE.getLast().reject();
                check();
            }
            taken = bytes;
        }
    }

    /**
     * Checks whether the answer may be completed. Called regularly, because the memory of a rejected answer is used by
     * others.
     *
     * @throws HttpFailure if older answers need the memory
     */
    public void check() {
        synchronized (INCOMPLETE) {
            if (isRejected) throw HttpFailure.busy("too many answers are being generated or read");
        }
    }

    /**
     * Ends the growth of the answer, which can no longer be rejected.
     *
     * @throws HttpFailure if older answers need the memory
     */
    public void complete() {
        synchronized (INCOMPLETE) {
            check();
            INCOMPLETE.remove(this);
        }
    }

    private void reject() {
        isRejected = true;
        close();
    }

    /** Releases the memory. Repeated calls have no effect. */
    @Override
    public void close() {
        synchronized (INCOMPLETE) {
            INCOMPLETE.remove(this);
            HeapShare.ANSWERS.add(-taken);
            taken = 0;
        }
    }
}
