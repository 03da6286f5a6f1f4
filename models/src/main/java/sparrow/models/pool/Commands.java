package sparrow.models.pool;

import java.util.ArrayDeque;
import java.util.Deque;

/** Commands from every thread to the thread of the model, in order. After the last command none is taken. */
final class Commands {
    /** Guarded by this, as the next two. */
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private boolean closed;
    private Runnable wake = () -> {};

    /** Sets the waker, which is run when there is something to do. */
    synchronized void onWork(Runnable waker) {
        wake = waker;
    }

    /** Adds a command; false, and nothing is done, once they are closed. */
    boolean add(Runnable command) {
        synchronized (this) {
            if (closed) return false;
            waiting.add(command);
        }
        wake();
        return true;
    }

    /** Adds a command after which no other is taken. Nothing happens if there was one. */
    void close(Runnable last) {
        synchronized (this) {
            if (closed) return;
            waiting.add(last);
            closed = true;
        }
        // Not before it is closed, or the thread might sleep again without having seen that.
        wake();
    }

    /** Says that there is something to do. */
    void wake() {
        Runnable waker;
        synchronized (this) {
            waker = wake;
        }
        waker.run();
    }

    /** Does them all. On the thread of the model. */
    void run() {
        for (Runnable next = next(); next != null; next = next()) next.run();
    }

    /** Runs them all, also if some of them throw, and takes no more. */
    void runLast(Throwable cause) {
        synchronized (this) {
            closed = true;
        }
        for (Runnable next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (RuntimeException | Error e) {
                if (e != cause) cause.addSuppressed(e);
            }
        }
    }

    private synchronized Runnable next() {
        return waiting.poll();
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
