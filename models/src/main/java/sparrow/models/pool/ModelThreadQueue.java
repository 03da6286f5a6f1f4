package sparrow.models.pool;

import java.util.ArrayDeque;
import java.util.Deque;

/** Commands from any thread to the model's thread, in order. No commands are accepted after the queue is closed. */
final class ModelThreadQueue {
    /** This field and the next two fields are guarded by this. */
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private boolean closed;
    private Runnable wake = () -> {};

    /** Sets the action that wakes the model's thread. */
    synchronized void onWork(Runnable waker) {
        wake = waker;
    }

    /** Adds a command. Returns false and does nothing if the queue is closed. */
    boolean add(Runnable command) {
        synchronized (this) {
            if (closed) return false;
            waiting.add(command);
        }
        wake();
        return true;
    }

    /** Adds the last command and closes the queue. Does nothing if the queue is already closed. */
    void close(Runnable last) {
        synchronized (this) {
            if (closed) return;
            waiting.add(last);
            closed = true;
        }
        // The thread must be woken after closing. Otherwise, it might sleep again without noticing that the queue is
        // closed.
        wake();
    }

    /** Wakes the model's thread. */
    void wake() {
        Runnable waker;
        synchronized (this) {
            waker = wake;
        }
        waker.run();
    }

    /** Runs all commands. Must be called on the model's thread. */
    void run() {
        for (Runnable next = next(); next != null; next = next()) next.run();
    }

    /** Runs all commands, even if some of them throw, and accepts no more commands. */
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
