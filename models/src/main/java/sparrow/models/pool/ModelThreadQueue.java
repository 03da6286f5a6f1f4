package sparrow.models.pool;

import java.util.ArrayDeque;
import java.util.Deque;

/** Commands from every thread to the thread of the model, in order. After the last command none is accepted. */
final class ModelThreadQueue {
    /** Guarded by this, as the next two. */
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private boolean closed;
    private Runnable wake = () -> {};

    /** Sets the action that wakes the thread of the model. */
    synchronized void onWork(Runnable waker) {
        wake = waker;
    }

    /** Adds a command; returns false, and does nothing, once the queue is closed. */
    boolean add(Runnable command) {
        synchronized (this) {
            if (closed) return false;
            waiting.add(command);
        }
        wake();
        return true;
    }

    /** Adds a last command, after which none is accepted. Does nothing if the queue is closed. */
    void close(Runnable last) {
        synchronized (this) {
            if (closed) return;
            waiting.add(last);
            closed = true;
        }
        // Only after closing, or the thread might sleep again without having seen it.
        wake();
    }

    /** Wakes the thread of the model. */
    void wake() {
        Runnable waker;
        synchronized (this) {
            waker = wake;
        }
        waker.run();
    }

    /** Runs all commands. Called on the thread of the model. */
    void run() {
        for (Runnable next = next(); next != null; next = next()) next.run();
    }

    /** Runs all commands, also if some of them throw, and accepts no more. */
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
